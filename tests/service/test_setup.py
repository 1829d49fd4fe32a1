"""Setup, with a person or without one: what it asks, what it changes, and that it changes nothing twice."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import pytest

from daemon.config.credentials import find_token
from daemon.setup.flow import set_up
from daemon.setup.talk import Talk, Unattended
from daemon.setup.token_store import Keeper
from daemon.setup.wishes import Machine, Wishes
from sync.errors import AccessLost, Ambiguous, ConfigurationError
from sync.names import Property
from sync.notion.emulator import (
    AI_TRACES,
    DEMO_TOKEN,
    Capability,
    Emulator,
    EmulatorTransport,
    Fault,
    FaultKind,
)
from sync.notion.schema import LATER
from sync.notion.views import NAMES

OTHER = "00000000-0000-4000-8000-00000000000a"
NOTHING = Wishes(token_file=None, database=None, create=None, views=False, keeper=Keeper.AUTO)
ENVIRON = {"NOTION_BASE_URL": "https://notion.test", "AI_TRACES_REQUESTS_PER_MINUTE": "1000000"}


class Person:
    """Answers one question after the other; Ctrl-C where the answer is None."""

    is_attended = True

    def __init__(self, *answers: str | None) -> None:
        self._answers = list(answers)
        self.heard: list[str] = []

    def tell(self, text: str = "") -> None:
        """Hear it."""
        self.heard.append(text)

    def ask(self, question: str, *, usual: str = "") -> str:
        """Answer; nothing means the usual."""
        return self._next(question) or usual

    def ask_secret(self, question: str) -> str:
        """Answer."""
        return self._next(question)

    def agrees(self, question: str) -> bool:
        """Answer yes or something else."""
        return self._next(question) == "yes"

    def _next(self, question: str) -> str:
        self.heard.append(question)
        answer = self._answers.pop(0)
        if answer is None:
            raise KeyboardInterrupt
        return answer

    @property
    def is_done(self) -> bool:
        """Whether every answer was wanted."""
        return not self._answers


@dataclass
class Desk:
    """A machine and a Notion that are set up."""

    directory: Path
    notion: Emulator
    environ: dict[str, str] = field(default_factory=lambda: dict(ENVIRON))
    said: list[str] = field(default_factory=list)

    @property
    def machine(self) -> Machine:
        """Where settings come from."""
        (self.directory / "here").mkdir(exist_ok=True)
        return Machine(self.environ, self.directory / "here", self.directory / "config")

    @property
    def env_file(self) -> Path:
        """The settings file that is written."""
        return self.machine.settings_file

    def token_file(self, token: str = DEMO_TOKEN) -> Path:
        """Write a token into a file, not quite tidily, and return that file."""
        file = self.directory / "given"
        file.write_text(f"  {token}\n")
        return file

    def run(self, wishes: Wishes, talk: Talk | None = None) -> bool:
        """Set up, with nobody there who agrees in advance unless somebody is given."""
        talk = talk or Unattended(self.said.append, agreed=True)
        return set_up(wishes, self.machine, talk, transport=EmulatorTransport(self.notion))

    def files(self) -> Mapping[str, tuple[int, int, bytes]]:
        """Return every file of the machine with what a write would change."""
        found = (each for each in self.directory.rglob("*") if each.is_file())
        return {str(each): (each.stat().st_ino, each.stat().st_mtime_ns, each.read_bytes()) for each in found}

    def writes(self) -> list[str]:
        """Return what was changed in Notion."""
        return [f"{entry.method} {entry.path}" for entry in self.notion.journal.writes()]

    def columns(self) -> set[str]:
        """Return the names of the properties of AI Traces."""
        source = self.notion.workspace.databases[AI_TRACES].data_sources[0]
        return {column.name for column in self.notion.workspace.data_sources[source].properties}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Give a machine without settings or a keyring, and a Notion with an empty AI Traces."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    notion = Emulator()
    notion.create_database()
    return Desk(tmp_path, notion)


@pytest.fixture
def given(desk: Desk) -> Wishes:
    """Give everything that a setup without a person needs."""
    return Wishes(
        token_file=desk.token_file(), database=AI_TRACES, create=None, views=True, keeper=Keeper.AUTO
    )


def test_everything_is_made_and_found_by_every_command(desk: Desk, given: Wishes) -> None:
    """Properties, views, token and settings: afterwards the settings alone lead to both."""
    assert desk.run(given)
    assert desk.columns() == {each.value for each in Property} - {"title", *LATER} | {"Name"}
    assert {view.settings["name"] for view in desk.notion.workspace.views.values()} == set(NAMES)
    settings = desk.machine.settings()
    assert settings.notion_database_id == AI_TRACES
    found = find_token(settings, {})
    assert found.token.reveal() == DEMO_TOKEN
    assert settings.notion_token_file is not None
    assert settings.notion_token_file.stat().st_mode & 0o777 == 0o600
    assert desk.env_file.parent.stat().st_mode & 0o777 == 0o700
    assert DEMO_TOKEN not in desk.env_file.read_text()


def test_a_second_run_changes_nothing(desk: Desk, given: Wishes) -> None:
    """No write to Notion, no file touched, with the same words or with none at all."""
    desk.run(given)
    desk.notion.journal.clear()
    before = desk.files()
    for wishes in (
        given,
        Wishes(token_file=None, database=None, create=None, views=True, keeper=Keeper.AUTO),
    ):
        assert desk.run(wishes)
    assert desk.writes() == []
    assert desk.files() == before
    assert "nothing was changed" in desk.said[-1]


def test_what_jen_has_stays(desk: Desk, given: Wishes) -> None:
    """Her views, also one of our name, her properties and every other line of the file stay as they are."""
    (source,) = desk.notion.workspace.data_sources
    body = {"database_id": AI_TRACES, "data_source_id": source, "type": "list"}
    desk.notion.ask("POST", "views", {**body, "name": "timeline "})
    desk.notion.human.add_property(source, "Mood", "rich_text")
    desk.env_file.parent.mkdir()
    desk.env_file.write_text("# mine\nAI_TRACES_HOST=desk\n")
    assert desk.run(given)
    names = [view.settings["name"] for view in desk.notion.workspace.views.values()]
    assert len(names) == len(NAMES)
    assert "Timeline" not in names
    assert "Mood" in desk.columns()
    assert desk.env_file.read_text().startswith("# mine\nAI_TRACES_HOST=desk\n")
    assert desk.machine.settings().host == "desk"


def test_the_token_is_never_said(desk: Desk, given: Wishes) -> None:
    """Neither when it is good nor when it is refused."""
    desk.run(given)
    desk.token_file("ntn_CANARY000000000000000000")
    with pytest.raises(AccessLost) as caught:
        desk.run(given)
    assert not any("ntn_" in line for line in [*desk.said, str(caught.value)])


def test_without_a_person_what_is_missing_is_named(desk: Desk, given: Wishes) -> None:
    """No token, no agreement: each is an error that says which option gives it, and nothing is changed."""
    with pytest.raises(ConfigurationError, match="--token-file"):
        desk.run(NOTHING)
    with pytest.raises(ConfigurationError, match="--yes"):
        desk.run(given, Unattended(desk.said.append, agreed=False))
    assert desk.writes() == []
    assert not desk.env_file.exists()
    assert any("15 properties" in line for line in desk.said)


def test_a_database_that_is_not_shared_says_which_and_with_whom(desk: Desk, given: Wishes) -> None:
    """The error names the address to open, the way to click and the connection's name."""
    desk.notion.human.unshare(AI_TRACES)
    with pytest.raises(AccessLost) as caught:
        desk.run(given)
    for part in (AI_TRACES.replace("-", ""), "•••", "Connections", "“AI Traces”"):
        assert part in caught.value.hint
    assert not desk.env_file.exists()


@pytest.mark.parametrize("is_there", [False, True])
def test_a_database_in_the_trash_is_to_be_restored(desk: Desk, given: Wishes, *, is_there: bool) -> None:
    """Sharing it would mend nothing: whoever is told to would look for her mistake there."""
    desk.notion.human.trash_database(AI_TRACES)
    person = Person(DEMO_TOKEN, "", None)
    with pytest.raises(KeyboardInterrupt if is_there else AccessLost) as caught:
        desk.run(NOTHING if is_there else given, person if is_there else None)
    told = "\n".join(person.heard) if is_there else str(caught.value)
    assert "trash" in told
    assert "Restore" in told
    assert "Connections" not in told.partition("trash")[2]


def test_a_page_in_the_trash_is_to_be_restored(desk: Desk, given: Wishes) -> None:
    """The same for the page that a new database is to be made below."""
    page = desk.notion.workspace.root
    desk.notion.human.trash_page(page)
    with pytest.raises(AccessLost) as caught:
        desk.run(replace(given, create=page))
    assert "Restore" in caught.value.hint


def test_a_token_that_is_refused_without_a_person_says_which_option(desk: Desk, given: Wishes) -> None:
    """Beside what is to be done in Notion: asked for another token, nobody would answer."""
    desk.run(given)
    desk.notion.access.token = "ntn_another"
    with pytest.raises(AccessLost) as caught:
        desk.run(NOTHING)
    assert "--token-file FILE" in caught.value.hint


def test_a_person_is_asked_until_it_works(desk: Desk) -> None:
    """A wrong token is asked for again; then one of the shared databases is chosen by its number."""
    desk.notion.create_database("Tasks", database_id=OTHER)
    person = Person("", "not a token", "ntn_wrong", f" {DEMO_TOKEN} ", "99", "1", "yes")
    assert desk.run(NOTHING, person)
    assert person.is_done
    assert any("1  " in line for line in person.heard)
    assert desk.machine.settings().notion_database_id in {AI_TRACES, OTHER}
    assert not any(DEMO_TOKEN in line for line in person.heard)


def test_the_usual_database_is_suggested(desk: Desk) -> None:
    """Enter takes AI Traces when it is shared."""
    desk.notion.create_database("Tasks", database_id=OTHER)
    assert desk.run(NOTHING, Person(DEMO_TOKEN, "", "yes"))
    assert desk.machine.settings().notion_database_id == AI_TRACES


def test_a_person_shares_the_database_meanwhile(desk: Desk) -> None:
    """When it cannot be seen, Enter tries again once it is shared."""
    desk.notion.human.unshare(AI_TRACES)

    class Sharing(Person):
        def ask(self, question: str, *, usual: str = "") -> str:
            if "try again" in question:
                desk.notion.human.share(AI_TRACES)
            return super().ask(question, usual=usual)

    person = Sharing(DEMO_TOKEN, "", "", "yes")
    assert desk.run(NOTHING, person)
    assert person.is_done
    assert any("Connections" in line for line in person.heard)


def test_who_says_no_keeps_everything(desk: Desk) -> None:
    """Nothing is changed before it was agreed to."""
    assert not desk.run(NOTHING, Person(DEMO_TOKEN, "", "no"))
    assert desk.writes() == []
    assert not desk.env_file.exists()


@pytest.mark.parametrize("answers", [(None,), (DEMO_TOKEN, None), (DEMO_TOKEN, "", None)])
def test_ctrl_c_leaves_nothing_half_done(desk: Desk, answers: tuple[str | None, ...]) -> None:
    """At whichever question it comes."""
    with pytest.raises(KeyboardInterrupt):
        desk.run(NOTHING, Person(*answers))
    assert desk.writes() == []
    assert not desk.env_file.exists()


def _creating(desk: Desk) -> Wishes:
    page = desk.notion.workspace.root
    return Wishes(token_file=desk.token_file(), database=None, create=page, views=True, keeper=Keeper.AUTO)


def test_a_new_database_is_made_once(desk: Desk) -> None:
    """Below the page that was named, with properties and views; the next run finds it."""
    desk.notion.workspace.databases.clear()
    for _ in range(2):
        assert desk.run(_creating(desk))
    (database,) = desk.notion.workspace.databases.values()
    assert desk.machine.settings().notion_database_id == database.id
    assert {view.settings["name"] for view in desk.notion.workspace.views.values()} == set(NAMES)


def test_a_page_that_cannot_be_seen_is_asked_for_again_as_a_page(desk: Desk) -> None:
    """The database is what is to be made: nobody is sent to copy its link."""
    person = Person("a page of mine", desk.notion.workspace.root, "yes")
    assert desk.run(replace(_creating(desk), create=OTHER), person)
    (told,) = [line for line in person.heard if "no address in Notion" in line]
    assert "AI Traces" not in told
    assert "the page" in told


@pytest.mark.parametrize("path", ["databases$", "data_sources", "views$"])
def test_a_lost_answer_makes_nothing_twice(desk: Desk, given: Wishes, path: str) -> None:
    """Whichever write is in doubt, the error says to run it again, and that run finds what was done."""
    creating = path.startswith("databases")
    if creating:
        desk.notion.workspace.databases.clear()
    wishes = _creating(desk) if creating else given
    desk.notion.faults.add(
        Fault(kind=FaultKind.RESET_AFTER, path=path, method="PATCH" if "data_" in path else "POST")
    )
    with pytest.raises(Ambiguous) as caught:
        desk.run(wishes)
    assert "again" in caught.value.hint
    assert desk.run(wishes)
    assert len(desk.notion.workspace.databases) == 1
    names = [view.settings["name"] for view in desk.notion.workspace.views.values()]
    assert sorted(names) == sorted(NAMES)


def test_a_view_that_is_refused_leaves_something_to_do(desk: Desk, given: Wishes) -> None:
    """The rest is made all the same, and the reason is said."""
    desk.notion.faults.add(Fault(kind=FaultKind.ACCESS, status=403, method="POST", path="views", nth=2))
    assert not desk.run(given)
    assert len(desk.notion.workspace.views) == len(NAMES) - 1
    assert any("Timeline" in line and "could not be made" in line for line in desk.said)


def test_a_view_that_the_database_cannot_have_is_said(desk: Desk, given: Wishes) -> None:
    """A calendar needs a date: without one it is left out, and that is not asked for each time."""
    (source,) = desk.notion.workspace.data_sources
    desk.notion.human.add_property(source, "Timestamp", "rich_text")
    assert desk.run(given)
    assert any("Timeline" in line and "left out" in line for line in desk.said)
    desk.notion.journal.clear()
    assert desk.run(given)
    assert desk.writes() == []


def test_without_leave_nothing_is_added(desk: Desk, given: Wishes) -> None:
    """AI_TRACES_MANAGE_SCHEMA=false holds here too; that no page could be found again is said."""
    desk.environ["AI_TRACES_MANAGE_SCHEMA"] = "false"
    with pytest.raises(AccessLost, match="Log Path"):
        desk.run(given)
    assert desk.columns() == {"Name"}


def test_without_the_capability_the_reason_is_said(desk: Desk, given: Wishes) -> None:
    """A connection that may not update content is told so."""
    desk.notion.access.capabilities.remove(Capability.UPDATE)
    with pytest.raises(AccessLost):
        desk.run(given)


def test_a_token_in_the_open_is_put_away(desk: Desk) -> None:
    """NOTION_TOKEN in the settings file moves to a private file, and the line is emptied."""
    desk.env_file.parent.mkdir()
    desk.env_file.write_text(f"NOTION_TOKEN={DEMO_TOKEN}\n# the end\n")
    assert desk.run(NOTHING)
    assert DEMO_TOKEN not in desk.env_file.read_text()
    assert find_token(desk.machine.settings(), {}).token.reveal() == DEMO_TOKEN
    assert desk.run(NOTHING)
    assert "nothing was changed" in desk.said[-1]


def test_a_nearer_setting_that_says_otherwise_is_named(desk: Desk, given: Wishes) -> None:
    """What wins over the settings file would keep the daemon from what was chosen."""
    desk.environ["NOTION_DATABASE_ID"] = OTHER
    assert not desk.run(given)
    assert any("NOTION_DATABASE_ID" in line for line in desk.said[-2:])


def test_a_broken_setting_is_mended_by_the_option(desk: Desk, given: Wishes) -> None:
    """A database id that is none does not keep setup from writing a good one."""
    desk.env_file.parent.mkdir()
    desk.env_file.write_text("NOTION_DATABASE_ID=nonsense\n")
    assert desk.run(given)
    assert desk.machine.settings().notion_database_id == AI_TRACES


@pytest.mark.parametrize("keeper", [Keeper.AUTO, Keeper.KEYRING])
def test_the_keyring_comes_first(
    desk: Desk, given: Wishes, monkeypatch: pytest.MonkeyPatch, keeper: Keeper
) -> None:
    """Where there is one, no file holds the token, and a second run changes nothing."""
    held: dict[tuple[str, str], str] = {}
    keyring = ModuleType("keyring")
    keyring.__spec__ = ModuleSpec("keyring", None)
    vars(keyring)["set_password"] = lambda service, name, value: held.update({(service, name): value})
    vars(keyring)["get_password"] = lambda service, name: held.get((service, name))
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    assert desk.run(replace(given, keeper=keeper))
    assert held == {("ai-traces", "notion-token"): DEMO_TOKEN}
    assert not (desk.env_file.parent / "notion-token").exists()
    before = desk.files()
    assert desk.run(given)
    assert desk.files() == before


def test_one_of_several_tables_stays_the_one_that_was_chosen(desk: Desk, given: Wishes) -> None:
    """Who names a data source gets that one, and the settings lead to it again."""
    archive = desk.notion.human.add_data_source(AI_TRACES, "Archive")
    assert desk.run(replace(given, database=archive))
    assert desk.machine.settings().notion_database_id == archive
    assert desk.columns() == {"Name"}
    columns = {column.name for column in desk.notion.workspace.data_sources[archive].properties}
    assert "Log Path" in columns
    assert {view.data_source for view in desk.notion.workspace.views.values()} == {archive}
    desk.notion.journal.clear()
    assert desk.run(replace(NOTHING, views=True))
    assert desk.writes() == []


def test_a_keyring_that_is_wanted_and_not_there_is_an_error(desk: Desk) -> None:
    """It is not quietly replaced by a file."""
    wishes = replace(NOTHING, token_file=desk.token_file(), keeper=Keeper.KEYRING)
    with pytest.raises(ConfigurationError, match="keyring"):
        desk.run(wishes)
    assert not desk.env_file.exists()


def test_a_logs_directory_that_is_not_there_is_told(desk: Desk, given: Wishes) -> None:
    """Setup is done all the same; the next command would need it."""
    desk.environ["AI_TRACES_LOGS_DIR"] = str(desk.directory / "logs")
    assert desk.run(given)
    assert [text for text in desk.said if "The logs directory" in text and "is not there" in text]
    (desk.directory / "logs").mkdir()
    desk.said.clear()
    assert desk.run(given)
    assert not [text for text in desk.said if "The logs directory" in text]

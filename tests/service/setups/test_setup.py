"""Setup: what it makes, what it leaves, and that it changes nothing twice."""

from dataclasses import replace

import pytest

from daemon.config.credentials import find_token
from daemon.setup.token_store import TokenKeeper
from daemon.setup.wishes import Wishes
from sync.errors import Ambiguous
from sync.names import Property
from sync.notion.emulator import (
    AI_TRACES,
    DEMO_TOKEN,
    Fault,
    FaultKind,
)
from sync.notion.onboarding.views import NAMES
from sync.notion.schema import LATER
from tests.worlds.setup_desk import NOTHING, SetupDesk


def test_everything_is_made_and_found_by_every_command(desk: SetupDesk, given: Wishes) -> None:
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


def test_a_second_run_changes_nothing(desk: SetupDesk, given: Wishes) -> None:
    """No write to Notion, no file touched, with the same words or with none at all."""
    desk.run(given)
    desk.notion.journal.clear()
    before = desk.files()
    for wishes in (
        given,
        Wishes(token_file=None, database=None, create=None, views=True, keeper=TokenKeeper.AUTO),
    ):
        assert desk.run(wishes)
    assert desk.writes() == []
    assert desk.files() == before
    assert "nothing was changed" in desk.said[-1]


def test_what_jen_has_stays(desk: SetupDesk, given: Wishes) -> None:
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


def test_a_new_database_is_made_once(desk: SetupDesk) -> None:
    """Below the page that was named, with properties and views; the next run finds it."""
    desk.notion.workspace.databases.clear()
    for _ in range(2):
        assert desk.run(desk.creating())
    (database,) = desk.notion.workspace.databases.values()
    assert desk.machine.settings().notion_database_id == database.id
    assert {view.settings["name"] for view in desk.notion.workspace.views.values()} == set(NAMES)


def test_what_has_no_title_is_said_to_have_none(desk: SetupDesk) -> None:
    """A page, then a database: never a pair of quotes with nothing between them."""
    desk.notion.workspace.databases.clear()
    for _ in range(2):
        assert desk.run(desk.creating())
    (database,) = desk.notion.workspace.databases.values()
    database.title = []
    assert desk.run(NOTHING)
    said = "\n".join(desk.said)
    assert "below an untitled page" in said
    assert "Below an untitled page there is a database AI Traces already" in said
    assert "An untitled database is shared with the connection" in said
    assert "“”" not in said


@pytest.mark.parametrize("path", ["databases$", "views$"])
def test_a_lost_answer_makes_nothing_twice(desk: SetupDesk, given: Wishes, path: str) -> None:
    """Whichever write is in doubt, the error says to run it again, and that run finds what was done."""
    creating = path.startswith("databases")
    if creating:
        desk.notion.workspace.databases.clear()
    wishes = desk.creating() if creating else given
    desk.notion.faults.add(Fault(kind=FaultKind.RESET_AFTER, path=path, method="POST"))
    with pytest.raises(Ambiguous) as caught:
        desk.run(wishes)
    assert "again" in caught.value.hint
    assert desk.run(wishes)
    assert len(desk.notion.workspace.databases) == 1
    names = [view.settings["name"] for view in desk.notion.workspace.views.values()]
    assert sorted(names) == sorted(NAMES)


@pytest.mark.parametrize("is_done", [True, False])
def test_a_lost_answer_about_properties_is_waited_for(
    desk: SetupDesk, given: Wishes, *, is_done: bool
) -> None:
    """A person is told of the wait; what was done is found, and else the error says to run it again."""
    desk.environ["AI_TRACES_SETTLE_SECONDS"] = "0.2"
    kind = FaultKind.RESET_AFTER if is_done else FaultKind.RESET_BEFORE
    desk.notion.faults.add(Fault(kind=kind, path="data_sources", method="PATCH"))
    if is_done:
        assert desk.run(given)
        assert sum("PATCH" in each for each in desk.writes()) == 1
    else:
        with pytest.raises(Ambiguous) as caught:
            desk.run(given)
        assert "again" in caught.value.hint
    assert sum("answer was lost" in each for each in desk.said) == 1
    assert desk.run(given)
    assert desk.columns() == {each.value for each in Property} - {"title", *LATER} | {"Name"}


def test_one_of_several_tables_stays_the_one_that_was_chosen(desk: SetupDesk, given: Wishes) -> None:
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


def test_a_logs_directory_that_is_not_there_is_told(desk: SetupDesk, given: Wishes) -> None:
    """Setup is done all the same; the next command would need it."""
    desk.environ["AI_TRACES_LOGS_DIR"] = str(desk.directory / "logs")
    assert desk.run(given)
    assert [text for text in desk.said if "The logs directory" in text and "is not there" in text]
    (desk.directory / "logs").mkdir()
    desk.said.clear()
    assert desk.run(given)
    assert not [text for text in desk.said if "The logs directory" in text]

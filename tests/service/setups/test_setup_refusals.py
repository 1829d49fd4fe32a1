"""Setup where something is missing, refused or not allowed: it is named, with what to do."""

from dataclasses import replace

import pytest

from daemon.setup.talk import Unattended
from daemon.setup.wishes import Wishes
from sync.errors import AccessLost, ConfigurationError
from sync.notion.emulator import (
    AI_TRACES,
    DEMO_TOKEN,
    Capability,
    Fault,
    FaultKind,
)
from sync.notion.onboarding.views import NAMES
from tests.worlds.setup_desk import NOTHING, Person, SetupDesk


def test_without_a_person_what_is_missing_is_named(desk: SetupDesk, given: Wishes) -> None:
    """No token, no agreement: each is an error that says which option gives it, and nothing is changed."""
    with pytest.raises(ConfigurationError, match="--token-file"):
        desk.run(NOTHING)
    with pytest.raises(ConfigurationError, match="--yes"):
        desk.run(given, Unattended(desk.said.append, agreed=False))
    assert desk.writes() == []
    assert not desk.env_file.exists()
    assert any("15 properties" in line for line in desk.said)


def test_a_database_that_is_not_shared_says_which_and_with_whom(desk: SetupDesk, given: Wishes) -> None:
    """The error names the address to open, the way to click and the connection's name."""
    desk.notion.human.unshare(AI_TRACES)
    with pytest.raises(AccessLost) as caught:
        desk.run(given)
    for part in (AI_TRACES.replace("-", ""), "•••", "Connections", "“AI Traces”"):
        assert part in caught.value.hint
    assert not desk.env_file.exists()


@pytest.mark.parametrize("is_there", [False, True])
def test_a_database_in_the_trash_is_to_be_restored(desk: SetupDesk, given: Wishes, *, is_there: bool) -> None:
    """Sharing it would mend nothing: whoever is told to would look for her mistake there."""
    desk.notion.human.trash_database(AI_TRACES)
    person = Person(DEMO_TOKEN, "", None)
    with pytest.raises(KeyboardInterrupt if is_there else AccessLost) as caught:
        desk.run(NOTHING if is_there else given, person if is_there else None)
    told = "\n".join(person.heard) if is_there else str(caught.value)
    assert "trash" in told
    assert "Restore" in told
    assert "Connections" not in told.partition("trash")[2]


def test_a_page_in_the_trash_is_to_be_restored(desk: SetupDesk, given: Wishes) -> None:
    """The same for the page that a new database is to be made below."""
    page = desk.notion.workspace.root
    desk.notion.human.trash_page(page)
    with pytest.raises(AccessLost) as caught:
        desk.run(replace(given, create=page))
    assert "Restore" in caught.value.hint


def test_a_token_that_is_refused_without_a_person_says_which_option(desk: SetupDesk, given: Wishes) -> None:
    """Beside what is to be done in Notion: asked for another token, nobody would answer."""
    desk.run(given)
    desk.notion.access.token = "ntn_another"
    with pytest.raises(AccessLost) as caught:
        desk.run(NOTHING)
    assert "--token-file FILE" in caught.value.hint


def test_a_view_that_is_refused_leaves_something_to_do(desk: SetupDesk, given: Wishes) -> None:
    """The rest is made all the same, and the reason is said."""
    desk.notion.faults.add(Fault(kind=FaultKind.ACCESS, status=403, method="POST", path="views", nth=2))
    assert not desk.run(given)
    assert len(desk.notion.workspace.views) == len(NAMES) - 1
    assert any("Timeline" in line and "could not be made" in line for line in desk.said)


def test_a_view_that_the_database_cannot_have_is_said(desk: SetupDesk, given: Wishes) -> None:
    """A calendar needs a date: without one it is left out, and that is not asked for each time."""
    (source,) = desk.notion.workspace.data_sources
    desk.notion.human.add_property(source, "Timestamp", "rich_text")
    assert desk.run(given)
    assert any("Timeline" in line and "left out" in line for line in desk.said)
    desk.notion.journal.clear()
    assert desk.run(given)
    assert desk.writes() == []


def test_without_leave_nothing_is_added(desk: SetupDesk, given: Wishes) -> None:
    """AI_TRACES_MANAGE_SCHEMA=false holds here too; that no page could be found again is said."""
    desk.environ["AI_TRACES_MANAGE_SCHEMA"] = "false"
    with pytest.raises(AccessLost, match="Log Path"):
        desk.run(given)
    assert desk.columns() == {"Name"}


def test_without_the_capability_the_reason_is_said(desk: SetupDesk, given: Wishes) -> None:
    """A connection that may not update content is told so."""
    desk.notion.access.capabilities.remove(Capability.UPDATE)
    with pytest.raises(AccessLost):
        desk.run(given)

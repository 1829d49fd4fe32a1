"""Setup with a person: what is asked, until it works or she has had enough."""

from dataclasses import replace

import pytest

from sync.notion.emulator import (
    AI_TRACES,
    DEMO_TOKEN,
)
from tests.worlds.setup_desk import NOTHING, OTHER, Person, SetupDesk


def test_a_person_is_asked_until_it_works(desk: SetupDesk) -> None:
    """A wrong token is asked for again; then one of the shared databases is chosen by its number."""
    desk.notion.create_database("Tasks", database_id=OTHER)
    person = Person("", "not a token", "ntn_wrong", f" {DEMO_TOKEN} ", "99", "1", "yes")
    assert desk.run(NOTHING, person)
    assert person.is_done
    assert any("1  " in line for line in person.heard)
    assert desk.machine.settings().notion_database_id in {AI_TRACES, OTHER}
    assert not any(DEMO_TOKEN in line for line in person.heard)


def test_the_usual_database_is_suggested(desk: SetupDesk) -> None:
    """Enter takes AI Traces when it is shared."""
    desk.notion.create_database("Tasks", database_id=OTHER)
    assert desk.run(NOTHING, Person(DEMO_TOKEN, "", "yes"))
    assert desk.machine.settings().notion_database_id == AI_TRACES


def test_a_person_shares_the_database_meanwhile(desk: SetupDesk) -> None:
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


def test_who_says_no_keeps_everything(desk: SetupDesk) -> None:
    """Nothing is changed before it was agreed to."""
    assert not desk.run(NOTHING, Person(DEMO_TOKEN, "", "no"))
    assert desk.writes() == []
    assert not desk.env_file.exists()


@pytest.mark.parametrize("answers", [(None,), (DEMO_TOKEN, None), (DEMO_TOKEN, "", None)])
def test_ctrl_c_leaves_nothing_half_done(desk: SetupDesk, answers: tuple[str | None, ...]) -> None:
    """At whichever question it comes."""
    with pytest.raises(KeyboardInterrupt):
        desk.run(NOTHING, Person(*answers))
    assert desk.writes() == []
    assert not desk.env_file.exists()


def test_a_page_that_cannot_be_seen_is_asked_for_again_as_a_page(desk: SetupDesk) -> None:
    """The database is what is to be made: nobody is sent to copy its link."""
    person = Person("a page of mine", desk.notion.workspace.root, "yes")
    assert desk.run(replace(desk.creating(), create=OTHER), person)
    (told,) = [line for line in person.heard if "no address in Notion" in line]
    assert "AI Traces" not in told
    assert "the page" in told

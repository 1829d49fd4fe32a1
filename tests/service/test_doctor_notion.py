"""What the doctor says of Notion: its answer, the token, the database, what is permitted, each property."""

from dataclasses import replace

import pytest

from daemon.doctor.check import Area, CheckVerdict, worst_verdict
from daemon.doctor.examine import examine
from daemon.doctor.notion_checks import notion_checks
from daemon.doctor.notion_probe import NOTHING
from sync.names import UserId
from sync.notion.emulator import AI_TRACES, Capability, Fault, FaultKind
from sync.notion.whoami import Bearer
from tests.worlds.patient import Patient


@pytest.mark.parametrize("pace", ["180", "60", "6"])
def test_a_usual_pace_does_not_keep_it_from_looking(patient: Patient, pace: str) -> None:
    """What a minute has room for is asked at once: a person waits for the answers."""
    patient.environ["AI_TRACES_REQUESTS_PER_MINUTE"] = pace
    patient.notion.journal.clear()
    assert {check.verdict for check in examine(patient.ward)} == {CheckVerdict.GOOD}
    assert len(patient.notion.journal) == 5


def test_a_very_slow_pace_is_kept_and_named(patient: Patient) -> None:
    """One request a day is one; what was not asked for that reason is not said to be out of reach."""
    patient.environ["AI_TRACES_REQUESTS_PER_MINUTE"] = "0.001"
    patient.notion.journal.clear()
    found = patient.examined()
    assert len(patient.notion.journal) == 1
    assert found["Notion"][0].verdict is CheckVerdict.GOOD
    assert found["Database"][0].verdict is CheckVerdict.REMARK
    assert "AI_TRACES_REQUESTS_PER_MINUTE" in found["Database"][0].what
    assert worst_verdict([check for checks in found.values() for check in checks]) is CheckVerdict.REMARK


def test_a_budget_that_others_use_up_is_no_silence_of_notion() -> None:
    """Where no request had its turn in time, nothing is said about the network."""
    seen = replace(NOTHING, waits_for_turns=True)
    checks = list(notion_checks(seen, base_url="https://notion.test", manage_schema=True))
    assert CheckVerdict.BAD not in {check.verdict for check in checks}
    assert "AI_TRACES_REQUESTS_PER_MINUTE" in checks[0].what


@pytest.mark.parametrize("is_person", [True, False])
def test_a_connection_without_a_name_gets_no_empty_quotes(is_person: bool) -> None:
    """Notion may give none."""
    bearer = Bearer(user_id=UserId("x"), name="", workspace="", is_person=is_person, largest_file=None)
    checks = notion_checks(
        replace(NOTHING, bearer=bearer), base_url="https://notion.test", manage_schema=True
    )
    (token,) = (check for check in checks if check.name == "Accepts token")
    assert token.what == ("a personal token" if is_person else "a connection without a name")


def test_what_was_not_asked_is_not_said_of_pages(patient: Patient) -> None:
    """That no page was made by this token is only said where pages were read."""
    patient.notion.faults.add(Fault(kind=FaultKind.DELAY, seconds=60, path="query", count=0))
    found = patient.examined()
    for name in ("May insert", "May update", "May read comments"):
        assert "in time" in found[name][0].what


def test_a_wrong_token_comes_first(patient: Patient) -> None:
    """It is one trouble, not one for each thing that was asked."""
    patient.environ["NOTION_TOKEN"] = "ntn_CANARY0000000000000000"
    checks = examine(patient.ward)
    (bad,) = (check for check in checks if check.verdict is CheckVerdict.BAD)
    assert bad.name == "Accepts token"
    assert bad.next_step
    assert not any("CANARY" in str(check) for check in checks)


def test_an_unshared_database_is_told_apart(patient: Patient) -> None:
    """The token is fine then, and the next step is in Notion."""
    patient.notion.human.unshare(AI_TRACES)
    found = patient.examined()
    assert found["Accepts token"][0].verdict is CheckVerdict.GOOD
    assert found["Database"][0].verdict is CheckVerdict.BAD
    assert "Connections" in found["Database"][0].next_step


@pytest.mark.parametrize("kind", [FaultKind.REFUSE, FaultKind.HTML_200, FaultKind.UNAVAILABLE])
def test_without_notion_one_thing_is_wrong(patient: Patient, kind: FaultKind) -> None:
    """That it is not reached is said once; the rest is not known, which is no trouble of its own."""
    patient.notion.faults.add(Fault(kind=kind, count=0))
    checks = examine(patient.ward)
    (bad,) = (check for check in checks if check.verdict is CheckVerdict.BAD)
    assert bad.name == "Notion"
    assert ("network" in bad.next_step) == (kind is FaultKind.REFUSE), "who answers is not out of reach"
    assert bad.next_step
    assert any(check.area is Area.FILES and check.verdict is CheckVerdict.GOOD for check in checks)


def test_what_was_answered_in_time_counts(patient: Patient) -> None:
    """When only some of the answers come, those are told."""
    patient.notion.faults.add(Fault(kind=FaultKind.DELAY, seconds=60, path="query", count=0))
    found = patient.examined()
    assert found["Database"][0].verdict is CheckVerdict.GOOD
    assert found["May insert"][0].verdict is CheckVerdict.REMARK


def test_capabilities_are_seen_from_what_was_done(patient: Patient) -> None:
    """Insert and update are proven by a page of ours; a page of Jen's proves nothing."""
    (source,) = patient.notion.workspace.data_sources
    for page in list(patient.notion.workspace.pages.values()):
        if page.data_source:
            patient.notion.human.delete_page_forever(page.id)
    patient.notion.human.add_page(source, "Hers")
    assert patient.verdict("May insert") is patient.verdict("May update") is CheckVerdict.REMARK
    patient.page()
    assert patient.verdict("May insert") is CheckVerdict.GOOD
    assert patient.verdict("May update") is CheckVerdict.REMARK
    patient.page(changed=True)
    assert patient.verdict("May update") is CheckVerdict.GOOD


def test_a_missing_capability_is_said(patient: Patient) -> None:
    """Without reading nothing works; without reading comments, comments can be overlooked."""
    patient.notion.access.capabilities.remove(Capability.READ_COMMENTS)
    (comments,) = patient.examined()["May read comments"]
    assert comments.verdict is CheckVerdict.REMARK
    assert comments.next_step
    patient.notion.access.capabilities.remove(Capability.READ)
    assert patient.verdict("Database") is CheckVerdict.BAD


def test_a_database_without_a_title_is_said_to_have_none(patient: Patient) -> None:
    """Notion calls it Untitled."""
    patient.notion.workspace.databases[AI_TRACES].title = []
    assert patient.examined()["Database"][0].what.startswith("an untitled database https://")


def test_each_property_is_judged(patient: Patient) -> None:
    """Missing, of another type, or taken: each is said where it is."""
    (source,) = patient.notion.workspace.data_sources
    patient.notion.human.delete_property(source, "ENV")
    patient.notion.human.retype_property(source, "Outcome", "multi_select")
    patient.notion.human.retype_property(source, "Summary", "number")
    found = patient.examined()
    assert [found[name][0].verdict for name in ("ENV", "Outcome", "Summary")] == [CheckVerdict.REMARK] * 3
    assert "added" in found["ENV"][0].what
    assert "multi-select" in found["Outcome"][0].what
    assert "not written" in found["Summary"][0].what
    assert worst_verdict([check for checks in found.values() for check in checks]) is CheckVerdict.REMARK


def test_a_key_that_cannot_be_added_is_trouble(patient: Patient) -> None:
    """Without leave to change the schema, a missing Log Path keeps every page out."""
    (source,) = patient.notion.workspace.data_sources
    patient.notion.human.delete_property(source, "Log Path")
    assert patient.verdict("Log Path") is CheckVerdict.REMARK
    patient.environ["AI_TRACES_MANAGE_SCHEMA"] = "false"
    assert patient.verdict("Log Path") is CheckVerdict.BAD

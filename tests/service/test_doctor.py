"""What the doctor finds: each trouble where it is, with the next step, and nothing changed by looking."""

import asyncio
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest

from daemon.doctor.check import Area, Check, CheckVerdict, Examiner, worst_verdict
from daemon.doctor.examine import Ward, examine
from daemon.doctor.machine import package_check
from daemon.doctor.notion_checks import notion_checks
from daemon.doctor.notion_probe import NOTHING
from daemon.doctor.screen import screen
from daemon.install.service_state import ABSENT, Phase, ServiceState
from daemon.presence.lock import StateLock
from daemon.status.columns import width
from sync.names import Property, UserId
from sync.notion.emulator import (
    AI_TRACES,
    DEMO_TOKEN,
    Capability,
    Emulator,
    EmulatorTransport,
    Fault,
    FaultKind,
)
from sync.notion.schema import definitions
from sync.notion.whoami import Bearer
from tests.installed.patience import AT_ONCE


class _Dated(EmulatorTransport):
    """Says when it answered, as Notion does."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer with the date of this moment."""
        answer = await super().handle_async_request(request)
        answer.headers["date"] = format_datetime(datetime.now(UTC), usegmt=True)
        return answer


RUNNING = ServiceState(Phase.RUNNING, 4711)


@dataclass
class Patient:
    """A machine and a Notion that are looked at."""

    directory: Path
    notion: Emulator
    environ: dict[str, str] = field(default_factory=dict)
    service: ServiceState = RUNNING
    ahead: timedelta = timedelta(0)
    transport: httpx.AsyncBaseTransport | None = None

    @property
    def ward(self) -> Ward:
        """What the doctor is given."""
        return Ward(
            environ=self.environ,
            directory=self.directory,
            config_dir=self.directory,
            service=lambda: self.service,
            now=lambda: datetime.now(UTC) + self.ahead,
            transport=self.transport or _Dated(self.notion),
        )

    def examined(self) -> Mapping[str, list[Check]]:
        """Return what was found, by name."""
        found: dict[str, list[Check]] = {}
        for check in examine(self.ward):
            found.setdefault(check.name, []).append(check)
        return found

    def verdict(self, name: str) -> CheckVerdict:
        """Return the gravest that was found under a name."""
        return worst_verdict(self.examined()[name])

    def page(self, *, changed: bool = False) -> str:
        """Have the connection make a page, and change it a day later where that is wanted."""
        (source,) = self.notion.workspace.data_sources
        made = self.notion.ask("POST", "pages", {"parent": {"data_source_id": source}}).json()["id"]
        if changed:
            edits = self.notion.workspace.pages[made].edits
            edits.made -= timedelta(days=1)
        return str(made)


@pytest.fixture
def patient(tmp_path: Path) -> Patient:
    """Give one in good health: all properties, a page that was changed, a service that runs."""
    notion = Emulator()
    notion.create_database(properties=definitions({Property.TITLE: "Name"}))
    (tmp_path / "logs").mkdir()
    environ = {
        "NOTION_TOKEN": DEMO_TOKEN,
        "NOTION_BASE_URL": "https://notion.test",
        "AI_TRACES_LOGS_DIR": str(tmp_path / "logs"),
        "AI_TRACES_STATE_DIR": str(tmp_path / "state"),
        "AI_TRACES_REQUESTS_PER_MINUTE": "1000000",
    }
    patient = Patient(tmp_path, notion, environ)
    patient.page(changed=True)
    return patient


def test_good_health_is_said(patient: Patient) -> None:
    """With everything in place no check has a remark, every property has one, and each has its area."""
    checks = examine(patient.ward)
    assert [check for check in checks if check.verdict is not CheckVerdict.GOOD] == []
    assert sum(check.area is Area.SCHEMA for check in checks) == len(Property)
    assert {check.area for check in checks} == set(Area)


def test_looking_changes_nothing(patient: Patient) -> None:
    """Five reads, no write, and no file is made."""
    patient.notion.journal.clear()
    before = sorted(patient.directory.rglob("*"))
    examine(patient.ward)
    assert patient.notion.journal.writes() == []
    assert len(patient.notion.journal) == 5
    assert sorted(patient.directory.rglob("*")) == before


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


class _Silent(httpx.AsyncBaseTransport):
    """Takes requests and never answers."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Wait for ever."""
        await asyncio.Event().wait()
        raise AssertionError(request)


def test_whatever_hangs_it_ends_in_time(patient: Patient) -> None:
    """A silent network and a service manager that never answers cost less than five seconds together."""
    patient.transport = _Silent()
    forever = threading.Event()
    ward = replace(patient.ward, service=lambda: RUNNING if forever.wait() else ABSENT)
    started = time.monotonic()
    checks = examine(ward)
    assert time.monotonic() - started < AT_ONCE
    forever.set()
    verdicts = {check.name: check.verdict for check in checks}
    assert (verdicts["Notion"], verdicts["Service"]) == (CheckVerdict.BAD, CheckVerdict.REMARK)


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


def test_broken_settings_leave_the_rest_to_be_looked_at(patient: Patient) -> None:
    """What cannot be used is named, and the doctor does not give up."""
    patient.environ["AI_TRACES_RESCAN_SECONDS"] = "often"
    found = patient.examined()
    assert found["Settings"][0].verdict is CheckVerdict.BAD
    assert "AI_TRACES_RESCAN_SECONDS" in found["Settings"][0].what
    assert "Packages" in found


def test_a_misspelt_setting_and_no_token_are_said(patient: Patient) -> None:
    """Each with what to do."""
    del patient.environ["NOTION_TOKEN"]
    patient.environ["AI_TRACES_LOG_DIR"] = "/x"
    found = patient.examined()
    assert worst_verdict(found["Settings"]) is CheckVerdict.REMARK
    assert found["Token"][0].verdict is CheckVerdict.BAD
    assert "setup" in found["Token"][0].next_step


def test_a_missing_logs_directory_is_trouble(patient: Patient) -> None:
    """So is a file in its place."""
    (patient.directory / "logs").rmdir()
    assert patient.verdict("Logs directory") is CheckVerdict.BAD
    (patient.directory / "logs").touch()
    assert patient.verdict("Logs directory") is CheckVerdict.BAD


def test_a_state_directory_that_cannot_be_made_is_trouble(patient: Patient) -> None:
    """A link to nowhere or in a circle is; a name that is too long ends no examination."""
    state = patient.directory / "state"
    state.symlink_to(state)
    assert patient.verdict("State directory") is CheckVerdict.BAD
    patient.environ["AI_TRACES_STATE_DIR"] = str(patient.directory / ("a" * 300))
    assert patient.examined()["State directory"]


def test_a_damaged_state_is_no_reason_to_worry(patient: Patient) -> None:
    """It is said, with what the next start makes of it."""
    state = patient.directory / "state"
    state.mkdir(mode=0o700)
    (state / "state.db").write_bytes(b"SQLite format 3\x00" + b"\xff" * 4096)
    assert patient.verdict("State directory") is CheckVerdict.REMARK


def test_who_is_at_work_is_said(patient: Patient) -> None:
    """A process that holds the state is named."""
    with StateLock(patient.directory / "state"):
        assert "process" in patient.examined()["At work"][0].what


@pytest.mark.parametrize(
    ("service", "verdict"),
    [
        (ABSENT, CheckVerdict.REMARK),
        (RUNNING, CheckVerdict.GOOD),
        (ServiceState(Phase.FAILED, hint="do this"), CheckVerdict.BAD),
        (ServiceState(Phase.STOPPED, hint="do this"), CheckVerdict.BAD),
    ],
)
def test_the_service_is_judged(patient: Patient, service: ServiceState, verdict: CheckVerdict) -> None:
    """One that is not there is a choice; one that is there and does not run is trouble."""
    patient.service = service
    assert patient.verdict("Service") is verdict


@pytest.mark.parametrize("ahead", [timedelta(hours=2), -timedelta(hours=2)])
def test_a_wrong_clock_is_noticed(patient: Patient, ahead: timedelta) -> None:
    """By Notion's own time."""
    assert patient.verdict("Clock") is CheckVerdict.GOOD
    patient.ahead = ahead
    assert patient.verdict("Clock") is CheckVerdict.REMARK


def test_certificates_that_are_not_there_are_named(patient: Patient) -> None:
    """The check says which variable to correct."""
    patient.environ["SSL_CERT_FILE"] = "/absent.pem"
    (found,) = patient.examined()["Certificates"]
    assert found.verdict is CheckVerdict.BAD
    assert "SSL_CERT_FILE" in found.next_step


def test_a_proxy_is_named_without_its_password(patient: Patient) -> None:
    """What stands before the @ is nobody's business."""
    patient.environ["HTTPS_PROXY"] = "http://jen:CANARY@proxy.test:3128"
    (proxy,) = patient.examined()["Proxy"]
    assert "proxy.test" in proxy.what
    assert "CANARY" not in proxy.what
    patient.environ["HTTPS_PROXY"] = "http://["
    assert patient.verdict("Proxy") is CheckVerdict.BAD


def test_an_open_way_to_notion_is_trouble(patient: Patient) -> None:
    """A token is not sent in the clear over a network without a word."""
    patient.environ["NOTION_BASE_URL"] = "http://notion.test"
    assert patient.verdict("TLS") is CheckVerdict.BAD


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "✗ 1 thing needs you; it says what to do."), (2, "✗ 2 things need you; each says what to do.")],
)
def test_the_summary_counts(count: int, said: str) -> None:
    """One thing is one, more are several."""
    bad = Examiner(Area.FILES).bad("Disk", "full", "Make room")
    assert [line for line, _ in screen([bad] * count, columns=80)][-1] == said


@pytest.mark.parametrize("name", ["python-daemon", "Python_Daemon"])
def test_a_package_of_the_same_name_is_noticed(name: str) -> None:
    """It would overwrite files of ours."""
    assert package_check({"daemon": ["ai-traces"], "sync": ["ai_traces"]}).verdict is CheckVerdict.GOOD
    found = package_check({"daemon": ["ai-traces", name]})
    assert found.verdict is CheckVerdict.BAD
    assert "python-daemon" in found.what


def test_the_screen_is_80_columns_wide_and_shows_no_control_character(patient: Patient) -> None:
    """Whatever Notion calls things; only a word that is longer, such as an address, stands out."""
    title = "AI \x1b[31mTraces\u202e " + "追跡 " * 40
    patient.notion.workspace.databases[AI_TRACES].title = [{"plain_text": title}]
    lines = [line for line, _ in screen(examine(patient.ward), columns=80)]
    assert all(width(line) <= 80 or width(line.split(" ")[-1]) > 57 for line in lines)
    assert all(character.isprintable() for line in lines for character in line)
    assert any("追跡" in line for line in lines)

"""What the doctor says of the machine: settings, directories, service, clock, network, packages."""

from datetime import timedelta

import pytest

from daemon.doctor.check import CheckVerdict, worst_verdict
from daemon.doctor.machine import package_check
from daemon.install.service_state import ABSENT, Phase, ServiceState
from daemon.presence.lock import StateLock
from tests.worlds.patient import RUNNING, Patient


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


@pytest.mark.parametrize("name", ["python-daemon", "Python_Daemon"])
def test_a_package_of_the_same_name_is_noticed(name: str) -> None:
    """It would overwrite files of ours."""
    assert package_check({"daemon": ["ai-traces"], "sync": ["ai_traces"]}).verdict is CheckVerdict.GOOD
    found = package_check({"daemon": ["ai-traces", name]})
    assert found.verdict is CheckVerdict.BAD
    assert "python-daemon" in found.what

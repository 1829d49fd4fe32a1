"""Promises of finding the service and taking it away, with a systemctl that only notes what it is told."""

import platform
from pathlib import Path

import pytest

from daemon.install.deployment import Scope
from daemon.install.manager import nearest, service_now
from daemon.install.schedules import Schedule
from daemon.install.service_state import Phase
from daemon.install.systemd import Systemd
from daemon.install.systemd_units import SERVICE, unit_of

TIMER, NIGHTLY = unit_of(Schedule.VERIFY, "timer"), unit_of(Schedule.VERIFY, "service")


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the stand-in on PATH; return what it notes down, a line for each call."""
    noted = tmp_path / "calls"
    noted.touch()
    program = tmp_path / "bin/systemctl"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" >> {noted}\n', encoding="ascii")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return noted


@pytest.mark.parametrize(
    "left", [(SERVICE, TIMER, NIGHTLY), (SERVICE,), (TIMER, NIGHTLY), (TIMER,), (NIGHTLY,)]
)
def test_whatever_is_left_of_it_is_taken_away(calls: Path, left: tuple[str, ...]) -> None:
    """Also after an attempt that ended halfway; systemd is told of nothing that is not there."""
    service = Systemd(Scope.USER)
    service.directory.mkdir(parents=True)
    for name in (*left, "another.service"):
        (service.directory / name).touch()
    assert service.uninstall() == [service.directory / name for name in left]
    assert [path.name for path in service.directory.iterdir()] == ["another.service"]
    told = calls.read_text(encoding="ascii").split()
    assert {word for word in told if word.startswith("ai-traces")} == set(left)
    assert "daemon-reload" in told


def test_where_nothing_is_nothing_is_done(calls: Path) -> None:
    """It is only asked whether systemd is there."""
    assert Systemd(Scope.USER).uninstall() == []
    assert calls.read_text(encoding="ascii") == "--user show --property=Version\n"


def test_a_service_of_ones_own_goes_before_that_of_the_machine(
    calls: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks without saying which is told of the user's own service where it is installed."""
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    own = Systemd(Scope.USER)
    own.directory.mkdir(parents=True)
    (own.directory / SERVICE).touch()
    assert nearest(Scope.USER) == own
    service_now()
    assert {line.split()[0] for line in calls.read_text(encoding="ascii").splitlines()} == {"--user"}


def test_a_machine_without_systemd_needs_another_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The doctor finds no service there, and says how to run it all the same."""
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setenv("PATH", str(tmp_path))
    state = service_now()
    assert state.phase is Phase.ABSENT
    assert "ai-traces run" in state.hint

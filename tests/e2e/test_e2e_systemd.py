"""The service under a real systemd, booted for it: installed, killed, hung, misconfigured, stopped, gone."""

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator

import pytest

from sync.notion.emulator import DEMO_TOKEN
from tests.installed.booted_machine import JEN, Machine, booted, missing, until
from tests.installed.patience import AT_ONCE
from tests.installed.product import PROGRAM
from tests.installed.served_notion import Notion
from tests.installed.systemd_service import Service

pytestmark = [
    pytest.mark.slow,
    pytest.mark.systemd,
    pytest.mark.skipif(bool(missing()), reason=f"no systemd can be booted: {missing()}"),
]


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Give one systemd to all of these tests."""
    said = tmp_path_factory.mktemp("said") / "systemd"
    with booted(tmp_path_factory.mktemp("machine"), said=said) as machine:
        yield machine


@pytest.fixture
def service(machine: Machine, notion: Notion) -> Iterator[Service]:
    """Give a machine on which nothing is installed yet, and where nothing is left afterwards."""
    service = Service(machine, notion)
    yield service
    for manager in (("systemctl",), ("systemctl", "--user")):
        machine.call(
            *manager, "stop", "ai-traces.service", by="jen" if len(manager) > 1 else "root", check=False
        )
    machine.call(
        "sh",
        "-c",
        "rm -rf /etc/systemd/system/ai-traces* /etc/systemd/system/*.wants /home/jen; mkdir /home/jen",
    )
    machine.call("systemctl", "daemon-reload")


def test_it_is_ready_syncs_is_killed_comes_back_and_stops(service: Service) -> None:
    """Installed by sudo for jen: ready, a log synced, again after kill -9, and stopped in less than 10 s."""
    service.set_up()
    service.write("before")
    told = service.call("install")
    assert "The service runs" in told
    assert service.shown("ActiveState") == "active"
    until(lambda: "before.md" in service.notion.pages(), "the first log is synced")
    service.synced("live")

    first = service.shown("MainPID")
    service.systemctl("kill", "--kill-whom=main", "--signal=KILL", "ai-traces.service")
    until(lambda: service.shown("MainPID") not in {first, "0"}, "it is restarted")
    service.synced("after")
    assert "started again by itself once" in service.call("status")

    started = time.monotonic()
    service.systemctl("stop", "ai-traces.service")
    assert time.monotonic() - started < AT_ONCE
    assert service.shown("Result") == "success"
    assert "does not run" in service.call("status", check=False)


def test_installing_again_changes_nothing_and_uninstalling_leaves_nothing(service: Service) -> None:
    """A second install keeps the process; after uninstall there is no file and no unit of ours."""
    service.set_up()
    before = _listing(service.machine)
    service.call("install", "--schedule", "verify")
    process = service.shown("MainPID")
    assert "Wrote" not in service.call("install")
    assert service.shown("MainPID") == process
    assert "Removed" in service.call("uninstall")
    assert _listing(service.machine) == before
    assert service.shown("LoadState") == "not-found"
    assert "not installed" in service.call("uninstall")


def _listing(machine: Machine) -> set[str]:
    found = machine.call("find", "/etc", "/run/systemd/system", "/var/lib", "/usr/local", "-xdev")
    return {line for line in found.splitlines() if "/systemd/timers" not in line and "coredump" not in line}


def test_a_hung_loop_is_killed_and_started_anew(service: Service) -> None:
    """A daemon whose loop stands still is ended by the watchdog, and its successor goes on."""
    service.set_up()
    service.call("install")
    hanging = (
        "import signal, sys, time; signal.signal(signal.SIGUSR2, lambda *_: time.sleep(1000));"
        "sys.argv = ['ai-traces', 'run']; from daemon.cli import main; main()"
    )
    service.dropped_in(
        "WatchdogSec=3\nRestartSec=1\nTimeoutStopSec=10\nExecStart=\n"
        f'ExecStart={sys.executable} -c "{hanging}"\n'
    )
    service.systemctl("restart", "ai-traces.service")
    service.synced("before")
    first = service.shown("MainPID")
    time.sleep(1)
    service.systemctl("kill", "--kill-whom=main", f"--signal={signal.SIGUSR2.name}", "ai-traces.service")
    until(lambda: service.shown("MainPID") not in {first, "0"}, "the watchdog ends it")
    assert "Watchdog timeout" in service.said()
    service.synced("after")


def test_a_wrong_setting_is_told_and_not_tried_for_ever(service: Service) -> None:
    """It ends with 78 once, `status` says what to do, and a correction and a restart mend it."""
    service.set_up()
    service.call("install")
    service.dropped_in("RestartSec=100ms\n")
    service.set_up(AI_TRACES_RESCAN_SECONDS="often")
    service.call("restart", check=False)
    time.sleep(1)
    assert (service.shown("ActiveState"), service.shown("NRestarts")) == ("failed", "0")
    told = service.call("status", check=False)
    assert "its configuration cannot be used" in told
    assert "AI_TRACES_RESCAN_SECONDS" in service.call("logs")
    service.set_up()
    service.call("restart")
    service.synced("mended")


def test_an_installation_with_a_wrong_setting_is_refused(service: Service) -> None:
    """Nothing is installed that could not start; the text names the setting."""
    service.set_up(AI_TRACES_RESCAN_SECONDS="often")
    assert "AI_TRACES_RESCAN_SECONDS" in service.call("install", check=False)
    assert service.shown("LoadState") == "not-found"


def test_a_missing_token_is_told_and_not_tried_for_ever(service: Service) -> None:
    """A credential that cannot be loaded is no reason to try again every few seconds."""
    service.set_up()
    service.call("install")
    service.dropped_in("RestartSec=100ms\n")
    service.machine.path("/home/jen/.config/ai-traces/notion-token").unlink()
    service.call("restart", check=False)
    time.sleep(1)
    assert (service.shown("ActiveState"), service.shown("NRestarts")) == ("failed", "0")
    assert "The token file that the service was installed with is not there any more" in service.call("logs")


def test_missing_settings_are_told_and_are_not_the_defaults(service: Service) -> None:
    """Without its settings file it does not go on with another database: it ends with 78, once."""
    service.set_up()
    service.call("install")
    service.machine.path("/home/jen/.config/ai-traces/.env").unlink()
    service.call("restart", check=False)
    assert (service.shown("ActiveState"), service.shown("NRestarts")) == ("failed", "0")
    assert "its configuration cannot be used" in service.call("status", check=False)
    assert "The settings file that the service was installed with" in service.call("logs")


def test_the_token_is_nowhere_but_in_its_credential(service: Service) -> None:
    """Not in a unit, nor an argument, nor the environment of the process, nor the journal."""
    service.set_up()
    service.call("install")
    service.synced("log")
    process = service.machine.path(f"/proc/{service.shown('MainPID')}")
    places = [
        process / "environ",
        process / "cmdline",
        service.machine.path("/etc/systemd/system/ai-traces.service"),
    ]
    for place in places:
        assert DEMO_TOKEN.encode() not in place.read_bytes(), place
    assert DEMO_TOKEN not in service.said()
    assert DEMO_TOKEN not in service.systemctl("show", "ai-traces.service")


def test_the_sandbox_hides_the_home_and_is_not_in_the_way(service: Service) -> None:
    """It sees the logs and not jen's keys, writes its state alone, follows a directory that is replaced."""
    service.set_up()
    keys = service.machine.path("/home/jen/.ssh")
    keys.mkdir()
    service.call("install")
    service.synced("first")
    seen = f"/proc/{service.shown('MainPID')}/root"
    assert set(service.machine.call("ls", "-A", f"{seen}/home/jen").split()) == {"jen-os", ".local"}
    assert (
        service.machine.call("ls", "-A", f"{seen}/root").split()
        == service.machine.call("sh", "-c", f"ls -A {seen}/root").split()
    )
    assert not service.machine.call("find", f"{seen}/home/jen", "-name", ".ssh")
    logs = service.machine.path(service.logs)
    shutil.rmtree(logs)
    time.sleep(1)
    logs.mkdir()
    os.chown(logs, JEN, JEN)
    service.synced("second")
    state = service.machine.path("/home/jen/.local/state/ai-traces")
    assert state.stat().st_uid == JEN
    assert state.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "logs",
    ['/home/jen/my logs: 100% "new" $HOME/a', "/home/jen/logs", "/srv/the logs", "/var/tmp/a/b"],  # noqa: S108 - on the machine
)
def test_it_works_wherever_the_logs_are(service: Service, logs: str) -> None:
    """Names with every sign that units interpret, the home itself, other disks, and what PrivateTmp hides."""
    service.logs = logs
    service.set_up()
    service.machine.call("chown", "-R", "jen:jen", logs)
    service.call("install")
    service.synced("log")


def test_a_lost_state_directory_is_made_anew(service: Service) -> None:
    """It is made before the sandbox needs it, and the pages are found again."""
    service.set_up()
    service.call("install")
    service.synced("first")
    service.systemctl("stop", "ai-traces.service")
    shutil.rmtree(service.machine.path("/home/jen/.local"))
    service.call("restart")
    service.synced("second")
    assert service.notion.creates() == 2


def test_a_second_daemon_on_one_state_ends_and_is_not_tried_for_ever(service: Service) -> None:
    """The lock is that of jen's own commands: the service beside her `run` ends with 75, once."""
    service.set_up()
    service.call("install")
    service.systemctl("stop", "ai-traces.service")
    service.machine.call("sh", "-c", f"cd /; setsid {PROGRAM} run >/dev/null 2>&1 & sleep 2", by="jen")
    service.dropped_in("RestartSec=100ms\n")
    service.call("restart", check=False)
    time.sleep(1)
    assert (service.shown("ActiveState"), service.shown("NRestarts")) == ("failed", "0")
    assert "another ai-traces holds the state" in service.call("status", check=False)
    service.machine.call(
        "sh", "-c", "kill $(cat /home/jen/.local/state/ai-traces/lock | head -1 | tr -dc 0-9)", check=False
    )


def test_the_nightly_verify_runs_in_the_same_sandbox(service: Service) -> None:
    """Its timer waits, and what it starts compares all logs with all pages beside the daemon."""
    service.set_up()
    service.call("install", "--schedule", "verify")
    service.synced("log")
    assert "ai-traces-verify.timer" in service.systemctl("list-timers", "--no-pager")
    service.systemctl("start", "ai-traces-verify.service", check=False)
    assert "Every log and its page are in step" in service.said()


def test_the_service_of_a_user(service: Service) -> None:
    """Installed by jen herself in her session: ready, synced, killed and back, uninstalled without a rest."""
    machine = service.machine
    machine.call("sh", "-c", "grep -q ^jen: /etc/shadow || echo 'jen:!:19000:0:99999:7:::' >>/etc/shadow")
    machine.call("loginctl", "enable-linger", "jen")
    machine.call("systemctl", "start", f"user@{JEN}.service")
    service.user = True
    service.set_up()
    told = service.call("install", "--schedule", "verify")
    assert "The service runs" in told
    service.synced("log")
    assert service.shown("Environment") == ""
    process = service.shown("MainPID")
    service.systemctl("kill", "--kill-whom=main", "--signal=KILL", "ai-traces.service")
    until(lambda: service.shown("MainPID") not in {process, "0"}, "it is restarted")
    service.synced("after")
    service.systemctl("start", "ai-traces-verify.service", check=False)
    assert "Every log and its page are in step" in service.said()
    service.call("uninstall")
    left = machine.call("find", "/home/jen/.config/systemd", "-name", "*ai-traces*")
    assert left == ""

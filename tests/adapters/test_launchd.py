"""Promises of the service on macOS, with a launchctl that writes down what it is told."""

import os
import platform
import plistlib
from pathlib import Path

import platformdirs
import pytest

from daemon.cli import main
from daemon.install.deployment import Deployment
from daemon.install.launchd import Launchd
from daemon.install.launchd_agents import LABEL, log_file
from daemon.install.schedules import Schedule
from daemon.install.service_state import Phase

LAUNCHCTL = """#!/bin/sh
echo "$*" >>"$LAUNCHCTL_TOLD"
verb=$1
[ "$verb" = kickstart ] && shift
case $verb in
bootstrap) touch "$LAUNCHCTL_LOADED/$(basename "$3" .plist)" ;;
bootout) rm "$LAUNCHCTL_LOADED/$(basename "$2")" ;;
kickstart | print)
    [ -e "$LAUNCHCTL_LOADED/$(basename "$2")" ] || exit 113
    printf '%s = {\\n\\tstate = running\\n\\tpid = 812\\n}\\n' "$2" ;;
esac
"""


class Mac:
    """A home, and a launchctl."""

    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = directory / "home"
        self._told = directory / "told"
        (directory / "bin").mkdir()
        self.loaded = directory / "loaded"
        self.loaded.mkdir()
        self.home.mkdir()
        program = directory / "bin/launchctl"
        program.write_text(LAUNCHCTL, encoding="ascii")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{directory / 'bin'}:{os.environ['PATH']}")
        monkeypatch.setenv("LAUNCHCTL_TOLD", str(self._told))
        monkeypatch.setenv("LAUNCHCTL_LOADED", str(self.loaded))
        self.launchd = Launchd(self.home)

    def told(self) -> list[str]:
        """Return what launchctl was told to do since the last question; looking does not count."""
        lines = self._told.read_text(encoding="utf-8").splitlines() if self._told.exists() else []
        self._told.unlink(missing_ok=True)
        return [line for line in lines if not line.startswith("print ")]

    def deployment(self, host: str = "") -> Deployment:
        """Return what is installed."""
        return Deployment(
            program=Path("/opt/ai-traces/bin/ai-traces"),
            runtime=(),
            user="jen",
            group="staff",
            home=self.home,
            logs_dir=self.home / "logs",
            state_dir=self.home / "state",
            settings_file=None,
            token_file=None,
            environment={"AI_TRACES_HOST": host} if host else {},
        )


@pytest.fixture
def mac(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mac:
    """Give a machine on which nothing is installed."""
    return Mac(tmp_path, monkeypatch)


DOMAIN = f"gui/{os.getuid()}"


def test_installing_loads_the_agent_once(mac: Mac) -> None:
    """The first time it is put in place and loaded; the second time nothing is done."""
    plist = mac.home / f"Library/LaunchAgents/{LABEL}.plist"
    assert mac.launchd.install(mac.deployment(), ()) == [plist]
    assert mac.told() == [f"bootstrap {DOMAIN} {plist}"]
    assert plistlib.loads(plist.read_bytes())["Label"] == LABEL
    assert log_file(mac.home).parent.is_dir()
    assert mac.launchd.install(mac.deployment(), ()) == []
    assert mac.told() == []
    assert mac.launchd.state().phase is Phase.RUNNING


def test_a_changed_agent_is_loaded_anew(mac: Mac) -> None:
    """A property list is read when it is loaded, and not again."""
    mac.launchd.install(mac.deployment(), ())
    mac.told()
    mac.launchd.install(mac.deployment("here"), ())
    assert mac.told() == [
        f"bootout {DOMAIN}/{LABEL}",
        f"bootstrap {DOMAIN} {mac.home}/Library/LaunchAgents/{LABEL}.plist",
    ]


def test_a_schedule_is_an_agent_of_its_own_and_stays(mac: Mac) -> None:
    """It is loaded beside the daemon; a later installation without it brings it up to date."""
    mac.launchd.install(mac.deployment(), [Schedule.VERIFY])
    assert sorted(path.name for path in mac.loaded.iterdir()) == [LABEL, f"{LABEL}.verify"]
    mac.launchd.install(mac.deployment("here"), ())
    agent = plistlib.loads((mac.home / f"Library/LaunchAgents/{LABEL}.verify.plist").read_bytes())
    assert agent["EnvironmentVariables"] == {"AI_TRACES_HOST": "here"}


def test_uninstalling_leaves_nothing(mac: Mac) -> None:
    """Agents, logs and what was loaded are gone; doing it twice is no error."""
    mac.launchd.install(mac.deployment(), list(Schedule))
    for name in ("ai-traces.log", "ai-traces.log.1", "fatal.log"):
        (mac.home / "Library/Logs/ai-traces" / name).write_text("x", encoding="ascii")
    mac.launchd.uninstall()
    assert list(mac.loaded.iterdir()) == []
    assert [path for path in mac.home.rglob("*") if "ai-traces" in path.name] == []
    assert mac.launchd.uninstall() == []
    assert mac.launchd.state().phase is Phase.ABSENT


def test_restarting_kickstarts_and_loads_what_is_not_loaded(mac: Mac) -> None:
    """Also after somebody has booted the agent out by hand."""
    mac.launchd.install(mac.deployment(), ())
    mac.told()
    mac.launchd.restart()
    assert mac.told() == [f"kickstart -k {DOMAIN}/{LABEL}"]
    (mac.loaded / LABEL).unlink()
    assert mac.launchd.state().phase is Phase.STOPPED
    mac.launchd.restart()
    assert [line.split()[0] for line in mac.told()] == ["bootstrap", "kickstart"]


def test_the_commands_speak_to_launchd(
    mac: Mac, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a Mac, install, status and uninstall are about the agent, in plain words."""
    config = platformdirs.user_config_path("ai-traces").relative_to(Path.home())
    monkeypatch.setenv("HOME", str(mac.home))
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    (mac.home / config).mkdir(parents=True)
    (mac.home / "logs").mkdir()
    settings = (
        f"NOTION_TOKEN=ntn_x\nAI_TRACES_LOGS_DIR={mac.home}/logs\nAI_TRACES_STATE_DIR={mac.home}/state\n"
    )
    (mac.home / config / ".env").write_text(settings, encoding="utf-8")
    ends = {}
    for words in ("install", "status", "uninstall"):
        with pytest.raises(SystemExit) as end:
            main(["service", words])
        ends[words] = end.value.code, capsys.readouterr().out
    assert ends["install"][0] == ends["status"][0] == ends["uninstall"][0] == 0
    assert "The service runs (process 812)" in ends["install"][1]
    assert "The service runs (process 812)" in ends["status"][1]
    assert f"Removed {mac.home}/Library/LaunchAgents/{LABEL}.plist" in ends["uninstall"][1]

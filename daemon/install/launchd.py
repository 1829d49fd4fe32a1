"""Install and control the service on macOS, with launchd."""

import os
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from daemon.install.deployment import Deployment
from daemon.install.launchd_agents import LABEL, agents, label_of, log_file, logs_of
from daemon.install.program import ask, tell
from daemon.install.schedules import Schedule
from daemon.install.service_files import put, take_away
from daemon.install.service_state import ABSENT, Phase, ServiceState, from_launchd
from sync.errors import SyncError

_NOT_LOADED = 113
"""The exit code of launchctl for an unknown label."""

_ENDS_WITHIN = 25.0
"""Seconds to wait for the end of an agent: a little more than its ExitTimeOut."""


@dataclass(frozen=True, slots=True)
class Launchd:
    """The launchd service of a user who logs in."""

    home: Path

    @property
    def directory(self) -> Path:
        """The directory of its agents."""
        return self.home / "Library/LaunchAgents"

    def install(self, deployment: Deployment, schedules: Collection[Schedule]) -> list[Path]:
        """Write the agents and start them; return the files that were new or changed.

        A running service is restarted only if its file has changed.
        """
        wanted = [each for each in Schedule if each in schedules or each in self.scheduled()]
        logs_of(self.home).mkdir(mode=0o700, parents=True, exist_ok=True)
        changed = put(self.directory, agents(deployment, wanted))
        for label in (LABEL, *(label_of(each) for each in wanted)):
            plist = self.directory / f"{label}.plist"
            is_loaded = self._is_loaded(label)
            if is_loaded and plist in changed:
                self._boot_out(label)
                is_loaded = False
            if not is_loaded:
                tell("launchctl", "bootstrap", _domain(), str(plist))
        if self.state().phase is Phase.STOPPED:
            self.restart()
        return changed

    def uninstall(self) -> list[Path]:
        """Stop the agents, and remove them and their logs; return the removed files."""
        labels = (LABEL, *(label_of(each) for each in Schedule))
        for label in labels:
            if self._is_loaded(label):
                self._boot_out(label)
        gone = take_away(self.directory, (f"{label}.plist" for label in labels))
        logs = logs_of(self.home)
        kept = [path.name for path in logs.glob("*.log*")] if logs.is_dir() else []
        gone += take_away(logs, kept)
        if logs.is_dir() and not any(logs.iterdir()):
            logs.rmdir()
        return gone

    def restart(self) -> None:
        """Restart the service."""
        if not self._is_loaded(LABEL):
            tell("launchctl", "bootstrap", _domain(), str(self.directory / f"{LABEL}.plist"))
        tell("launchctl", "kickstart", "-k", f"{_domain()}/{LABEL}")

    def state(self) -> ServiceState:
        """Return whether the service is installed and runs; if not, why, and what to do."""
        answer = ask("launchctl", "print", f"{_domain()}/{LABEL}")
        if answer.code == 0:
            return from_launchd(answer.out)
        if self.is_installed:
            return ServiceState(Phase.STOPPED, hint="ai-traces service install starts it again")
        return ABSENT

    def logs(self, lines: int, *, follow: bool) -> list[str]:
        """Return the command that shows what the service has said."""
        return ["tail", "-n", str(lines), *(["-F"] if follow else []), str(log_file(self.home))]

    def scheduled(self) -> tuple[Schedule, ...]:
        """Return the schedules that are installed."""
        return tuple(each for each in Schedule if (self.directory / f"{label_of(each)}.plist").exists())

    @property
    def is_installed(self) -> bool:
        """Whether its agent is installed."""
        return (self.directory / f"{LABEL}.plist").exists()

    def _is_loaded(self, label: str) -> bool:
        return ask("launchctl", "print", f"{_domain()}/{label}").code == 0

    def _boot_out(self, label: str) -> None:
        answer = ask("launchctl", "bootout", f"{_domain()}/{label}")
        if answer.code not in {0, _NOT_LOADED}:
            raise SyncError(
                f"launchctl bootout {label}: {' '.join(answer.err.split()) or answer.code}",
                "Wait a moment and try again",
            )
        # launchd answers before the process has ended, and refuses the label until then.
        deadline = time.monotonic() + _ENDS_WITHIN
        while self._is_loaded(label) and time.monotonic() < deadline:
            time.sleep(0.2)


def _domain() -> str:
    return f"gui/{os.getuid()}"

"""Install and control the service on Linux, with systemd."""

import os
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from daemon.install.deployment import Deployment, Scope
from daemon.install.program import Ended, ask, tell
from daemon.install.schedules import Schedule
from daemon.install.service_files import put, take_away
from daemon.install.service_state import ServiceState, from_systemd
from daemon.install.systemd_units import SERVICE, unit_of, units
from sync.errors import ConfigurationError

_SHOWN = (
    "LoadState",
    "ActiveState",
    "SubState",
    "MainPID",
    "StatusText",
    "NRestarts",
    "Result",
    "ExecMainCode",
    "ExecMainStatus",
    "ExecMainStartTimestampMonotonic",
)


@dataclass(frozen=True, slots=True)
class Systemd:
    """The systemd service of this user or of the machine."""

    scope: Scope

    @property
    def directory(self) -> Path:
        """The directory of its units."""
        if self.scope is Scope.SYSTEM:
            return Path("/etc/systemd/system")
        return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd/user"

    def install(self, deployment: Deployment, schedules: Collection[Schedule]) -> list[Path]:
        """Write the units and start them; return the files that were new or changed.

        A running service is restarted only if its file has changed. `state` tells whether it started.
        """
        self._require()
        wanted = [each for each in Schedule if each in schedules or each in self.scheduled()]
        changed = put(self.directory, units(deployment, self.scope, wanted))
        self._tell("daemon-reload")
        self._tell("enable", SERVICE, *(unit_of(each, "timer") for each in wanted))
        for each in wanted:
            self._tell("restart", unit_of(each, "timer"))
        self._tell("reset-failed", SERVICE)
        self._ask("restart" if self.directory / SERVICE in changed else "start", SERVICE)
        return changed

    def uninstall(self) -> list[Path]:
        """Stop and remove the units; return the removed files."""
        self._require()
        daemon = self._there([SERVICE])
        timers = self._there(unit_of(each, "timer") for each in Schedule)
        services = self._there(unit_of(each, "service") for each in Schedule)
        if not (daemon or timers or services):
            return []
        if daemon or timers:
            self._tell("disable", "--now", *daemon, *timers)
        if services:
            self._tell("stop", *services)
        if timers:
            self._ask("clean", "--what=state", *timers)  # when each last ran
        gone = take_away(self.directory, (*daemon, *timers, *services))
        self._tell("daemon-reload")
        self._ask("reset-failed", *daemon, *services)
        return gone

    def restart(self) -> None:
        """Restart the service and wait until it is ready or has failed, which `state` tells."""
        self._require()
        self._ask("reset-failed", SERVICE)
        self._ask("restart", SERVICE)

    def state(self) -> ServiceState:
        """Return whether the service is installed and runs; if not, why, and what to do."""
        self._require()
        shown = self._tell("show", SERVICE, *(f"--property={name}" for name in _SHOWN))
        properties = dict(line.partition("=")[::2] for line in shown.splitlines())
        return from_systemd(properties, uptime=timedelta(seconds=time.monotonic()))

    def logs(self, lines: int, *, follow: bool) -> list[str]:
        """Return the command that shows what the service has said."""
        unit = ["--unit" if self.scope is Scope.SYSTEM else "--user-unit", SERVICE]
        return ["journalctl", *unit, "--lines", str(lines), "--no-pager", *(["--follow"] if follow else [])]

    def scheduled(self) -> tuple[Schedule, ...]:
        """Return the schedules that are installed."""
        return tuple(each for each in Schedule if (self.directory / unit_of(each, "timer")).exists())

    @property
    def is_installed(self) -> bool:
        """Whether its unit is installed."""
        return (self.directory / SERVICE).exists()

    def _there(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if (self.directory / name).exists()]

    def _require(self) -> None:
        """Check that systemd can be reached.

        Raises:
            ConfigurationError: It cannot; the error says what to do.
        """
        if self.scope is Scope.SYSTEM:
            if not Path("/run/systemd/system").is_dir():
                raise ConfigurationError("This machine was not started by systemd", _WITHOUT)
            return
        answer = self._ask("show", "--property=Version")
        if answer.code:
            raise ConfigurationError(
                f"The systemd of this user cannot be reached ({' '.join(answer.err.split())})",
                "Log in as that user, not by su or sudo, and try again; or use --system. "
                f"Where there is no systemd: {_WITHOUT}",
            )

    def _ask(self, *words: str) -> Ended:
        return ask("systemctl", *self._to(), *words)

    def _tell(self, *words: str) -> str:
        return tell("systemctl", *self._to(), *words)

    def _to(self) -> tuple[str, ...]:
        return ("--no-ask-password",) if self.scope is Scope.SYSTEM else ("--user",)


def lingers(user: str) -> bool | None:
    """Return whether a user's services run while the user is logged out; None if that is unknown."""
    answer = ask("loginctl", "show-user", user, "--property=Linger", "--value")
    return {"yes": True, "no": False}.get(answer.out.strip())


def let_linger(user: str) -> None:
    """Let a user's services run from boot on, whether the user is logged in or not."""
    tell("loginctl", "enable-linger", user)


_WITHOUT = "run `ai-traces run` under what starts programs here; see docs/install.md"

"""The state of a service, read from its manager's output and put into words. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from sync.amounts import time_span

_AGAIN = "ai-traces service restart"
_LOGS = "ai-traces service logs"


class Phase(StrEnum):
    """What a service does at the moment."""

    ABSENT = "absent"
    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    WAITING = "waiting"
    """It has ended and is about to be restarted."""
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ServiceState:
    """The state of a service.

    Attributes:
        phase: What it does at the moment.
        pid: Its process; None if there is none.
        age: How long that process has been running; None if that is unknown.
        told: The status that the service reported.
        last_exit: Why it last ended, in words; empty if it has not, or without an error.
        hint: What to do next; empty if there is nothing to do.
        restarts: How often the manager has restarted it since a person did.
    """

    phase: Phase
    pid: int | None = None
    age: timedelta | None = None
    told: str = ""
    last_exit: str = ""
    hint: str = ""
    restarts: int = 0

    @property
    def needs_a_person(self) -> bool:
        """Whether it takes a person to make it run."""
        return self.phase in {Phase.ABSENT, Phase.STOPPED, Phase.FAILED, Phase.UNKNOWN}


ABSENT = ServiceState(Phase.ABSENT, hint="ai-traces service install")

_ENDS: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        70: ("it hung and was ended", _LOGS),
        75: (
            "another ai-traces holds the state directory",
            f"Let that one end, or end it; then: {_AGAIN}",
        ),
        77: ("Notion refuses access", "ai-traces status says what to grant"),
        78: (
            "its configuration cannot be used",
            f"{_LOGS} says which setting; correct it, then: {_AGAIN}",
        ),
        203: (
            "its program is not there any more, as after an upgrade of Python",
            "Install ai-traces anew, then: ai-traces service install",
        ),
        217: ("its user is not there any more", "ai-traces service install"),
        226: (
            "the logs directory or another one that it needs is not there",
            f"Bring it back, or after a move: ai-traces service install. {_LOGS} names it",
        ),
        243: (
            "the token or the settings file cannot be read",
            f"ai-traces setup, then: {_AGAIN}",
        ),
    }
)
"""The meaning of exit codes, ours and systemd's, see systemd.exec(5), with what to do."""


def from_systemd(shown: Mapping[str, str], *, uptime: timedelta) -> ServiceState:
    """Return the state by the properties of `systemctl show`.

    Args:
        shown: The properties by name.
        uptime: The present time of the monotonic clock, which these properties use.
    """
    if shown.get("LoadState") != "loaded":
        return ABSENT
    pid = int(shown.get("MainPID", "0")) or None
    began = int(shown.get("ExecMainStartTimestampMonotonic", "0"))
    age = uptime - timedelta(microseconds=began) if pid and began else None
    last_exit, hint = _systemd_exit(shown)
    told = shown.get("StatusText", "")
    match shown.get("ActiveState"), shown.get("SubState"):
        case "active" | "reloading", _:
            restarts = int(shown.get("NRestarts", "0"))
            return ServiceState(Phase.RUNNING, pid, age, told, restarts=restarts)
        case "activating", "auto-restart":
            return ServiceState(Phase.WAITING, last_exit=last_exit, hint=hint)
        case "activating" | "deactivating", _:
            return ServiceState(Phase.STARTING, pid, age, told, last_exit)
        case "failed", _:
            return ServiceState(Phase.FAILED, last_exit=last_exit, hint=hint or _LOGS)
        case _:
            return ServiceState(Phase.STOPPED, last_exit=last_exit, hint=hint or _AGAIN)


def from_launchd(printed: str) -> ServiceState:
    """Return the state by the output of `launchctl print` for a loaded agent."""
    fields = dict(re.findall(r"^\t([a-z][a-z ]*?) = (.*)$", printed, re.MULTILINE))
    pid = int(fields["pid"]) if fields.get("pid", "").isdigit() else None
    code = re.match(r"\d+", fields.get("last exit code", ""))
    last_exit, hint = _exit_in_words(int(code[0])) if code else ("", "")
    if pid is not None or fields.get("state") == "running":
        return ServiceState(Phase.RUNNING, pid)
    if last_exit:
        return ServiceState(Phase.WAITING, last_exit=last_exit, hint=hint)
    # Under launchd the daemon ends with 0 where a restart cannot help; its log says why.
    return ServiceState(Phase.STOPPED, hint=f"{_LOGS} says why; then: {_AGAIN}")


def state_sentences(state: ServiceState) -> tuple[str, ...]:
    """Return the state in sentences: what it does, what it reports, why it ended, what to do."""
    process = f" (process {state.pid})" if state.pid else ""
    since = f", for {_in_words(state.age)}" if state.age is not None else ""
    headline = {
        Phase.ABSENT: "The service is not installed",
        Phase.STOPPED: "The service is installed and does not run",
        Phase.STARTING: f"The service is starting or stopping{process}",
        Phase.RUNNING: f"The service runs{process}{since}",
        Phase.WAITING: "The service has ended and is started again in a moment",
        Phase.FAILED: "The service has ended and is not started again by itself",
        Phase.UNKNOWN: "How the service is cannot be told",
    }[state.phase]
    lines = (
        headline,
        f"It says: {state.told}" if state.told else "",
        f"It was started again by itself {_times(state.restarts)}; {_LOGS} says why"
        if state.restarts
        else "",
        f"What happened: {state.last_exit}" if state.last_exit else "",
        f"→ {state.hint}" if state.hint else "",
    )
    return tuple(line for line in lines if line)


def _systemd_exit(shown: Mapping[str, str]) -> tuple[str, str]:
    status = int(shown.get("ExecMainStatus", "0"))
    if shown.get("Result") == "watchdog":
        return "it hung, and systemd ended it", _LOGS
    if shown.get("ExecMainCode") == "1":
        return _exit_in_words(status)
    if shown.get("Result") in {"signal", "core-dump", "oom-kill"}:
        return f"it was killed ({shown['Result']}, signal {status})", _LOGS
    result = shown.get("Result", "success")
    if result != "success":
        return _exit_in_words(status) if status else (f"systemd calls it {result}", _LOGS)
    return "", ""


def _exit_in_words(code: int) -> tuple[str, str]:
    return ("", "") if code == 0 else _ENDS.get(code, (f"it ended with {code}", _LOGS))


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _in_words(age: timedelta) -> str:
    return "less than a minute" if age < timedelta(minutes=1) else time_span(age)

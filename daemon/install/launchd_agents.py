"""The launchd agents of a service. Pure, except that templates are read."""

from collections.abc import Collection
from pathlib import Path

from daemon.install.deployment import Deployment, ServiceFile
from daemon.install.escaping import xml
from daemon.install.schedules import TIMETABLES, Schedule
from daemon.install.templates import filled

LABEL = "local.ai-traces"


def label_of(schedule: Schedule) -> str:
    """Return the label of a scheduled command's agent."""
    return f"{LABEL}.{schedule}"


def logs_of(home: Path) -> Path:
    """Return the directory of the service's log files."""
    return home / "Library/Logs/ai-traces"


def log_file(home: Path) -> Path:
    """Return the daemon's log file."""
    return logs_of(home) / "ai-traces.log"


def agents(deployment: Deployment, schedules: Collection[Schedule]) -> tuple[ServiceFile, ...]:
    """Return the agents that run the daemon, and each of the scheduled commands.

    Raises:
        ConfigurationError: A path cannot be written into a property list.
    """
    logs = logs_of(deployment.home)
    daemon = {
        "label": LABEL,
        "arguments": _arguments(deployment, "run", "--launchd", "--log-file", str(log_file(deployment.home))),
        "environment": _environment(deployment),
        "fatal_log": xml(logs / "fatal.log"),
    }
    return (
        ServiceFile(f"{LABEL}.plist", filled("launchd/agent.plist", daemon)),
        *(_scheduled(deployment, schedule) for schedule in schedules),
    )


def _scheduled(deployment: Deployment, schedule: Schedule) -> ServiceFile:
    timetable = TIMETABLES[schedule]
    calendar = (
        f"\t\t<key>{xml(name)}</key>\n\t\t<integer>{number}</integer>"
        for name, number in timetable.interval.items()
    )
    values = {
        "name": schedule.value,
        "label": label_of(schedule),
        "arguments": _arguments(deployment, *timetable.arguments),
        "environment": _environment(deployment),
        "calendar": "\n".join(calendar),
        "result_log": xml(logs_of(deployment.home) / f"{schedule}.log"),
    }
    return ServiceFile(f"{label_of(schedule)}.plist", filled("launchd/scheduled.plist", values))


def _arguments(deployment: Deployment, *arguments: str) -> str:
    words = (str(deployment.program), *arguments)
    return "\n".join(f"\t\t<string>{xml(each)}</string>" for each in words)


def _environment(deployment: Deployment) -> str:
    return "\n".join(
        f"\t\t<key>{xml(name)}</key>\n\t\t<string>{xml(value)}</string>"
        for name, value in deployment.environment.items()
    )

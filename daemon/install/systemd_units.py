"""The systemd units of a service. Pure, except that templates are read."""

from collections.abc import Collection, Iterator

from daemon.config.credentials import CREDENTIAL
from daemon.config.sources import GONE, SETTINGS_CREDENTIAL
from daemon.install.deployment import Deployment, Scope, ServiceFile
from daemon.install.escaping import argument, whole_value, word
from daemon.install.sandbox import sandbox_access
from daemon.install.schedules import TIMETABLES, Schedule
from daemon.install.templates import filled

SERVICE = "ai-traces.service"


def unit_of(schedule: Schedule, kind: str) -> str:
    """Return the name of a scheduled command's service or timer."""
    return f"ai-traces-{schedule}.{kind}"


def units(deployment: Deployment, scope: Scope, schedules: Collection[Schedule]) -> tuple[ServiceFile, ...]:
    """Return the units that run the daemon, and each of the scheduled commands.

    Raises:
        ConfigurationError: A path cannot be written into a unit.
    """
    common = _common(deployment, scope)
    daemon = {**common, "run": _command(deployment, "run")}
    return (
        ServiceFile(SERVICE, filled(f"systemd/ai-traces-{scope}.service", daemon)),
        *(each for schedule in schedules for each in _scheduled(deployment, scope, schedule, common)),
    )


def _scheduled(
    deployment: Deployment, scope: Scope, schedule: Schedule, common: dict[str, str]
) -> Iterator[ServiceFile]:
    timetable = TIMETABLES[schedule]
    values = {
        **common,
        "name": schedule.value,
        "description": timetable.description,
        "calendar": timetable.calendar,
        "run": _command(deployment, *timetable.arguments),
    }
    yield ServiceFile(unit_of(schedule, "service"), filled(f"systemd/scheduled-{scope}.service", values))
    yield ServiceFile(unit_of(schedule, "timer"), filled("systemd/scheduled.timer", values))


def _command(deployment: Deployment, *arguments: str) -> str:
    return " ".join(argument(each) for each in (str(deployment.program), *arguments))


def _common(deployment: Deployment, scope: Scope) -> dict[str, str]:
    environment = "\n".join(
        f"Environment={word(f'{name}={value}')}" for name, value in deployment.environment.items()
    )
    sandbox = filled(f"systemd/sandbox-{scope}.conf", {})
    if scope is Scope.USER:
        return {"environment": environment, "sandbox": sandbox}
    return {
        "environment": environment,
        "sandbox": sandbox,
        "user": whole_value(deployment.user),
        "mounts": f"{word(deployment.logs_dir)} {word(deployment.state_dir)}",
        "prepare": _prepare(deployment),
        "credentials": "\n".join(_credentials(deployment)),
        "paths": "\n".join(_paths(deployment)),
    }


def _prepare(deployment: Deployment) -> str:
    """Return the line that creates the state directory as its user, before the sandbox exists."""
    if sandbox_access(deployment).own_state is not None:
        return ""
    become = f"setpriv --reuid={argument(deployment.user)} --regid={argument(deployment.group)} --init-groups"
    return f"ExecStartPre=+{become} -- mkdir -p -m 0700 -- {argument(deployment.state_dir)}"


def _credentials(deployment: Deployment) -> Iterator[str]:
    """Yield the lines that pass token and settings on, with a placeholder for a missing file."""
    if deployment.token_file is not None:
        yield f"LoadCredential={CREDENTIAL}:{whole_value(deployment.token_file)}"
        yield f"SetCredential={CREDENTIAL}:{GONE}"
    if deployment.settings_file is not None:
        yield f"LoadCredential={SETTINGS_CREDENTIAL}:{whole_value(deployment.settings_file)}"
        yield f"SetCredential={SETTINGS_CREDENTIAL}:{GONE}"


def _paths(deployment: Deployment) -> Iterator[str]:
    through = sandbox_access(deployment)
    yield f"ProtectHome={'tmpfs' if through.homes_hidden else 'read-only'}"
    if through.own_state is not None:
        yield f"StateDirectory={word(through.own_state)}"
        yield "StateDirectoryMode=0700"
    for path in through.readable:
        yield f"BindReadOnlyPaths={word(path)}"
    for path in through.writable:
        yield f"BindPaths={word(f'-{path}')}"  # a sandbox is made before what makes this directory, too

"""Promises of what is installed: units and agents that say what was meant, whatever the paths are."""

import plistlib
import re
import shlex
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.install.deployment import Deployment, Scope
from daemon.install.escaping import argument, whole_value, word
from daemon.install.launchd_agents import agents
from daemon.install.sandbox import sandbox_access
from daemon.install.schedules import TIMETABLES, Schedule
from daemon.install.systemd_units import units
from sync.errors import ConfigurationError

NAMES = st.text(
    st.characters(categories=("L", "N", "P", "S", "Zs"), exclude_characters="/"), min_size=1, max_size=12
).filter(lambda name: name.isprintable() and name not in {".", ".."} and name == name.strip())
ROOTS = st.sampled_from(["/home/jen", "/root", "/srv", "/var/lib", "/tmp", "/opt/x", "/run/user/7"])  # noqa: S108
PATHS = st.builds(lambda root, names: Path(root, *names), ROOTS, st.lists(NAMES, min_size=1, max_size=4))
OPTIONAL_PATHS = st.none() | PATHS
DEPLOYMENTS = st.builds(
    Deployment,
    program=PATHS,
    runtime=st.lists(PATHS, max_size=3).map(tuple),
    user=st.just("jen"),
    group=st.just("people"),
    home=st.sampled_from([Path("/home/jen"), Path("/root"), Path("/srv/people/jen")]),
    logs_dir=PATHS,
    state_dir=PATHS,
    settings_file=OPTIONAL_PATHS,
    token_file=OPTIONAL_PATHS,
    environment=st.dictionaries(
        st.sampled_from(["AI_TRACES_HOST", "NOTION_BASE_URL", "XDG_STATE_HOME"]),
        st.text(st.characters(categories=("L", "N", "P", "S", "Zs"))).filter(str.isprintable),
        max_size=3,
    ),
)
HIDDEN = ("/home", "/root", "/run/user", "/tmp", "/var/tmp")  # noqa: S108 - what the sandbox hides


def assignments(text: str) -> list[tuple[str, str]]:
    """Read a unit as systemd does: `NAME=value` lines that are no comments."""
    lines = (line for line in text.splitlines() if line and line[0] not in "#[")
    return [(name, value) for name, _, value in (line.partition("=") for line in lines)]


def words(value: str) -> list[str]:
    """Split a value at blanks outside of quotes and undo its escapes; what stands for another text fails."""
    assert "%" not in value.replace("%%", "")
    return [each.replace("%%", "%") for each in shlex.split(value)]


def values(text: str, name: str) -> list[str]:
    """Return the values of an assignment that may be there several times."""
    return [value for each, value in assignments(text) if each == name]


def unit(deployment: Deployment, scope: Scope) -> str:
    """Return the unit of the daemon."""
    return units(deployment, scope, ())[0].text


SYNTAX = st.text(" \"'\\%$;:#=n")
PRINTABLE = st.text(st.characters(categories=("L", "N", "P", "S", "Zs"))).filter(str.isprintable)


@given(st.builds("{}{}{}".format, SYNTAX, PRINTABLE, SYNTAX))
def test_a_word_arrives_as_it_is(text: str) -> None:
    """Quotes, blanks, backslashes, percent and dollar signs in a value are no syntax."""
    assert words(word(text)) == [text]
    assert words(argument(text).replace("$$", "$")) == [text]
    assert not re.search(r"(?<!\$)\$(?!\$)", argument(text).replace("$$", ""))


@pytest.mark.parametrize("text", ["a\nExecStart=/bin/sh", "a\0", "\x1b[31m", "\udcff"])
def test_what_no_unit_can_hold_is_refused(text: str) -> None:
    """A line break in a path cannot add a line to a unit."""
    for write in (word, argument, whole_value):
        with pytest.raises(ConfigurationError):
            write(text)


@given(DEPLOYMENTS, st.sampled_from(Scope))
def test_the_command_and_the_environment_are_those_of_the_deployment(
    deployment: Deployment, scope: Scope
) -> None:
    """The unit starts this program with `run` and sets what is to be set, whatever the names."""
    text = unit(deployment, scope)
    (run,) = values(text, "ExecStart")
    assert words(run.replace("$$", "$")) == [str(deployment.program), "run"]
    set_here = [each for value in values(text, "Environment") for each in words(value)]
    assert set_here == [f"{name}={value}" for name, value in deployment.environment.items()]


@given(DEPLOYMENTS)
def test_the_sandbox_shows_the_logs_and_the_program(deployment: Deployment) -> None:
    """Whatever the sandbox would hide and the service needs is put back; the state can be written."""
    through = sandbox_access(deployment)
    hidden = HIDDEN if through.homes_hidden else HIDDEN[3:]

    def is_seen(path: Path, shown: Iterable[Path]) -> bool:
        behind = any(path.is_relative_to(place) for place in hidden)
        return not behind or any(path.is_relative_to(place) for place in shown)

    assert is_seen(deployment.logs_dir, through.readable)
    assert all(is_seen(place, through.readable) for place in deployment.runtime)
    assert deployment.state_dir in through.writable or through.own_state is not None
    assert deployment.home not in through.readable or deployment.home in deployment.runtime


@given(DEPLOYMENTS)
def test_a_directory_of_logs_can_be_replaced(deployment: Deployment) -> None:
    """What is put back is above the logs, so that a new logs directory in the old one's place is seen."""
    through = sandbox_access(deployment)
    if any(deployment.logs_dir.is_relative_to(place) for place in HIDDEN[:3]):
        assert not through.homes_hidden or any(
            place in deployment.logs_dir.parents for place in through.readable
        )


def deployment(**changes: object) -> Deployment:
    """Return an ordinary one."""
    given_values: dict[str, object] = {
        "program": Path("/home/jen/.local/share/ai-traces/bin/ai-traces"),
        "runtime": (Path("/home/jen/.local/share/ai-traces"),),
        "user": "jen",
        "group": "people",
        "home": Path("/home/jen"),
        "logs_dir": Path("/home/jen/jen-os/logs/claude-executions"),
        "state_dir": Path("/home/jen/.local/state/ai-traces"),
        "settings_file": Path("/home/jen/.config/ai-traces/.env"),
        "token_file": Path("/home/jen/.config/ai-traces/notion-token"),
        "environment": {},
        **changes,
    }
    return Deployment(**given_values)  # type: ignore[arg-type]  # the test's own values


def test_the_unit_of_the_machine_key_by_key() -> None:
    """Whose it is, what it is passed, what it may see, and when it is started again."""
    text = unit(deployment(), Scope.SYSTEM)
    assert values(text, "User") == ["jen"]
    assert values(text, "Type") == ["notify"]
    assert values(text, "NotifyAccess") == ["main"]
    assert values(text, "WatchdogSec") == ["60"]
    assert values(text, "Restart") == ["on-failure"]
    assert {"75", "78"} <= set(values(text, "RestartPreventExitStatus")[0].split())
    assert "notion-token:/home/jen/.config/ai-traces/notion-token" in values(text, "LoadCredential")
    assert "settings:/home/jen/.config/ai-traces/.env" in values(text, "LoadCredential")
    assert values(text, "ProtectHome") == ["tmpfs"]
    assert values(text, "BindReadOnlyPaths") == ["/home/jen/.local/share/ai-traces", "/home/jen/jen-os"]
    assert values(text, "BindPaths") == ["-/home/jen/.local/state/ai-traces"]
    assert values(text, "CapabilityBoundingSet") == [""]


def test_state_below_var_lib_is_made_by_systemd() -> None:
    """`AI_TRACES_STATE_DIR=/var/lib/...` becomes a StateDirectory, which systemd makes and names."""
    text = unit(deployment(state_dir=Path("/var/lib/ai-traces")), Scope.SYSTEM)
    assert values(text, "StateDirectory") == ["ai-traces"]
    assert values(text, "BindPaths") == []
    assert values(text, "ExecStartPre") == []


def test_logs_in_the_home_itself_leave_homes_readable() -> None:
    """There is nothing above them to put back but the home; then it can be read, and not written."""
    text = unit(deployment(logs_dir=Path("/home/jen/logs")), Scope.SYSTEM)
    assert values(text, "ProtectHome") == ["read-only"]


def test_the_unit_of_a_user_needs_no_mounts() -> None:
    """Nothing in it needs user namespaces, which are not permitted everywhere."""
    names = {name for name, _ in assignments(unit(deployment(), Scope.USER))}
    assert not names & {"ProtectHome", "ProtectSystem", "PrivateTmp", "BindPaths", "User", "LoadCredential"}
    assert {"NoNewPrivileges", "SystemCallFilter", "WatchdogSec", "UMask"} <= names


def test_a_schedule_is_a_timer_and_what_it_starts() -> None:
    """Each scheduled command has a service that runs it once, and a timer that makes up for lost runs."""
    files = {each.name: each.text for each in units(deployment(), Scope.SYSTEM, list(Schedule))}
    for schedule in Schedule:
        service, timer = files[f"ai-traces-{schedule}.service"], files[f"ai-traces-{schedule}.timer"]
        assert values(service, "Type") == ["oneshot"]
        arguments = " ".join(TIMETABLES[schedule].arguments)
        assert values(service, "ExecStart")[0].endswith(f"/ai-traces {arguments}")
        assert values(service, "ProtectHome") == ["tmpfs"]
        assert values(timer, "Persistent") == ["yes"]


def test_the_agent_key_by_key() -> None:
    """What launchd is told: started at login, again after a crash only, in the background, no token."""
    (file,) = agents(deployment(environment={"AI_TRACES_HOST": "a<b&c"}), ())
    agent = plistlib.loads(file.text.encode())
    log = agent["ProgramArguments"][-1]
    assert agent == {
        "Label": "local.ai-traces",
        "ProgramArguments": [
            "/home/jen/.local/share/ai-traces/bin/ai-traces",
            "run",
            "--launchd",
            "--log-file",
            "/home/jen/Library/Logs/ai-traces/ai-traces.log",
        ],
        "WorkingDirectory": "/",
        "EnvironmentVariables": {"AI_TRACES_HOST": "a<b&c"},
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": 30,
        "ExitTimeOut": 20,
        "ProcessType": "Background",
        "LowPriorityIO": True,
        "Umask": 0o077,
        "StandardOutPath": "/home/jen/Library/Logs/ai-traces/fatal.log",
        "StandardErrorPath": "/home/jen/Library/Logs/ai-traces/fatal.log",
    }
    assert PurePosixPath(log).name != PurePosixPath(agent["StandardErrorPath"]).name
    assert file.name == f"{agent['Label']}.plist"


def test_the_scheduled_agents_key_by_key() -> None:
    """A scheduled command is started by the calendar and by nothing else."""
    for file, schedule in zip(agents(deployment(), list(Schedule))[1:], Schedule, strict=True):
        agent = plistlib.loads(file.text.encode())
        assert agent["Label"] == f"local.ai-traces.{schedule}"
        assert agent["ProgramArguments"][1:] == list(TIMETABLES[schedule].arguments)
        assert set(agent["StartCalendarInterval"]) <= {"Hour", "Minute", "Weekday"}
        assert not agent.keys() & {"KeepAlive", "RunAtLoad"}


@given(DEPLOYMENTS)
def test_property_lists_are_well_formed_whatever_the_paths(deployment: Deployment) -> None:
    """The signs that XML interprets arrive as they are."""
    agent, *others = (plistlib.loads(each.text.encode()) for each in agents(deployment, list(Schedule)))
    assert {each["ProgramArguments"][0] for each in (agent, *others)} == {str(deployment.program)}
    assert agent["EnvironmentVariables"] == dict(deployment.environment)

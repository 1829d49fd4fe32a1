"""Promises of how a service is told: in plain words, with a next step whenever a person is needed."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.install.service_state import Phase, ServiceState, from_launchd, from_systemd, state_sentences

UPTIME = timedelta(hours=5)
SHOWN = st.fixed_dictionaries(
    {
        "LoadState": st.sampled_from(["loaded", "not-found", "masked", "error"]),
        "ActiveState": st.sampled_from(["active", "activating", "deactivating", "failed", "inactive", "new"]),
        "SubState": st.sampled_from(["running", "auto-restart", "dead", "failed", "start", "stop-sigterm"]),
        "MainPID": st.integers(0, 99_999).map(str),
        "StatusText": st.text(max_size=20),
        "NRestarts": st.integers(0, 9).map(str),
        "Result": st.sampled_from(["success", "exit-code", "signal", "watchdog", "timeout", "resources"]),
        "ExecMainCode": st.sampled_from(["0", "1", "2", "3"]),
        "ExecMainStatus": st.integers(0, 255).map(str),
        "ExecMainStartTimestampMonotonic": st.integers(0, 10**10).map(str),
    }
)


@given(SHOWN)
def test_whoever_is_needed_is_told_what_to_do(shown: dict[str, str]) -> None:
    """Whatever systemd says becomes a headline, and a next step when it does not go on by itself."""
    state = from_systemd(shown, uptime=UPTIME)
    told = state_sentences(state)
    assert told
    assert all(sentence.strip() for sentence in told)
    if state.needs_a_person:
        assert told[-1].startswith("→ ")


@given(st.text())
def test_whatever_launchd_prints_is_read(printed: str) -> None:
    """The form of that text is nobody's promise: nothing in it is an error."""
    assert state_sentences(from_launchd(printed))


@pytest.mark.parametrize("code", [70, 75, 77, 78, 203, 217, 226, 243])
def test_every_exit_that_has_a_meaning_is_told_by_it(code: int) -> None:
    """Our own exit codes and those of systemd are words and a next step, not numbers."""
    shown = {
        "LoadState": "loaded",
        "ActiveState": "failed",
        "Result": "exit-code",
        "ExecMainCode": "1",
        "ExecMainStatus": str(code),
    }
    state = from_systemd(shown, uptime=UPTIME)
    assert state.phase is Phase.FAILED
    assert str(code) not in state.last_exit
    assert state.hint


def test_a_running_service_tells_since_when_and_how_it_is() -> None:
    """Process, age, its own words, and that it had to be started again."""
    shown = {
        "LoadState": "loaded",
        "ActiveState": "active",
        "SubState": "running",
        "MainPID": "4711",
        "StatusText": "In step",
        "NRestarts": "2",
        "Result": "success",
        "ExecMainStartTimestampMonotonic": str(3 * 3_600 * 1_000_000),
    }
    state = from_systemd(shown, uptime=UPTIME)
    assert state == ServiceState(Phase.RUNNING, 4711, timedelta(hours=2), "In step", restarts=2)
    assert state_sentences(state)[:2] == ("The service runs (process 4711), for 2 hours", "It says: In step")


PRINTED = """gui/501/local.ai-traces = {{
\tactive count = 1
\tpath = /Users/jen/Library/LaunchAgents/local.ai-traces.plist
\tstate = {state}

\tprogram = /x
{more}
}}
"""


def test_what_launchd_prints_of_an_agent() -> None:
    """Running with its process; waiting after a crash; stopped after an end that a restart cannot mend."""
    running = from_launchd(
        PRINTED.format(state="running", more="\tpid = 812\n\tlast exit code = (never exited)")
    )
    assert (running.phase, running.pid) == (Phase.RUNNING, 812)
    hung = from_launchd(PRINTED.format(state="not running", more="\tlast exit code = 70: EX_SOFTWARE"))
    assert hung.phase is Phase.WAITING
    assert "hung" in hung.last_exit
    assert (
        from_launchd(PRINTED.format(state="not running", more="\tlast exit code = 0")).phase is Phase.STOPPED
    )

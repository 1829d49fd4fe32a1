"""What the process at work shows of itself, and what others read."""

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.presence.lock import StateLock, holder, holder_of
from daemon.presence.pulse import Outage, Pulse, Role, Trouble, Working, at_work

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
TEXT = st.text(max_size=3_000)
SHOW = """
import sys, time
from pathlib import Path
from daemon.presence.lock import StateLock
with StateLock(Path(sys.argv[1])) as lock:
    lock.show(sys.argv[2])
    print("shown", flush=True)
    time.sleep(60)
"""


def _pulse(what: str = "", hint: str = "") -> Pulse:
    return Pulse(
        role=Role.BACKFILL,
        started=NOW,
        beat=NOW,
        outage=Outage(what=what, hint=hint, needs_a_person=True, since=NOW, until=NOW + timedelta(minutes=1)),
        impairment=Trouble(what=what, hint=hint, since=NOW, needs_a_person=False),
        alone=Trouble(what=what, hint=hint, since=NOW, needs_a_person=False),
        requests={"live": 3},
        written=2,
    )


def test_what_is_shown_is_read(tmp_path: Path) -> None:
    """By whoever looks, while the lock is held and no longer."""
    assert at_work(tmp_path) is None
    with StateLock(tmp_path) as lock:
        assert at_work(tmp_path) == Working(os.getpid(), None)
        lock.show(_pulse("Notion cannot be reached").as_text())
        assert at_work(tmp_path) == Working(os.getpid(), _pulse("Notion cannot be reached"))
        assert holder(tmp_path) == os.getpid()
    assert at_work(tmp_path) is None


@given(TEXT, TEXT)
def test_any_trouble_fits(tmp_path_factory: pytest.TempPathFactory, what: str, hint: str) -> None:
    """However long or strange its words are: they are cut rather than lost, and the rest is whole."""
    state = tmp_path_factory.mktemp("state")
    pulse = _pulse(what, hint)
    with StateLock(state) as lock:
        lock.show(pulse.as_text())
        working = at_work(state)
    assert working is not None
    assert working.pulse is not None
    assert working.pulse.outage is not None
    assert what.startswith(working.pulse.outage.what)
    assert working.pulse.requests == pulse.requests


def test_it_needs_no_further_room(tmp_path: Path) -> None:
    """On a full disk it is still told that the disk is full: the file has its room from the start."""
    with StateLock(tmp_path) as lock:
        before = (tmp_path / "lock").stat()
        for length in (0, 100, 400):
            lock.show(_pulse("x" * length).as_text())
            after = (tmp_path / "lock").stat()
            assert (after.st_size, after.st_blocks) == (before.st_size, before.st_blocks)


def test_what_does_not_fit_is_not_shown(tmp_path: Path) -> None:
    """The last that did stays, and the pid with it."""
    with StateLock(tmp_path) as lock:
        lock.show("short")
        lock.show("x" * 100_000)
        holding = holder_of(tmp_path)
        assert holding is not None
        assert (holding.pid, holding.shown) == (os.getpid(), "short")


def test_what_another_version_shows_is_no_trouble(tmp_path: Path) -> None:
    """Its pid is known, and that is all."""
    with StateLock(tmp_path) as lock:
        whole = json.loads(_pulse().as_text())
        for text in (
            "{}",
            "[1]",
            '{"role": "juggler"}',
            "no json",
            json.dumps({**whole, "role": "juggler"}),
            json.dumps({**whole, "started": "yesterday"}),
            json.dumps({**whole, "started": 7}),
            json.dumps({**whole, "outage": ["out"]}),
            json.dumps({**whole, "requests": [1]}),
            json.dumps({**whole, "requests": {"live": "many"}}),
            json.dumps({**whole, "written": "two"}),
            json.dumps({**whole, "per_minute": None}),
        ):
            lock.show(text)
            assert at_work(tmp_path) == Working(os.getpid(), None)
        lock.show(json.dumps({**whole, "mood": "fine"}))
        assert at_work(tmp_path) == Working(os.getpid(), _pulse())


def test_what_a_killed_process_showed_is_not_believed(tmp_path: Path) -> None:
    """It is as if nothing ran."""
    command = [sys.executable, "-c", SHOW, str(tmp_path), _pulse().as_text()]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"shown\n"
        assert at_work(tmp_path) == Working(process.pid, _pulse())
        process.send_signal(signal.SIGKILL)
    assert at_work(tmp_path) is None

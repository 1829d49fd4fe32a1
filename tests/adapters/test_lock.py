"""Promises of the lock: one holder, named to the others, and free again however the holder ends."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from daemon.presence.lock import StateLock, holder
from sync.errors import AlreadyRunning, StateFull, StateUnusable

HOLD = """
import sys, time
from pathlib import Path
from daemon.presence.lock import StateLock
with StateLock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_holder_is_told_who_is_first(tmp_path: Path) -> None:
    """While the lock is held another attempt fails, names the pid, and leaves the holder undisturbed."""
    with StateLock(tmp_path / "state"):
        with pytest.raises(AlreadyRunning, match=f"process {os.getpid()}"), StateLock(tmp_path / "state"):
            pass
        assert holder(tmp_path / "state") == os.getpid()
    assert holder(tmp_path / "state") is None


def test_looking_for_the_holder_takes_nothing(tmp_path: Path) -> None:
    """Where nobody ever ran there is no holder, and looking makes no file."""
    assert holder(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_the_lock_can_be_taken_again(tmp_path: Path) -> None:
    """After its context, also one that failed, the lock is free."""
    with pytest.raises(ZeroDivisionError), StateLock(tmp_path):
        raise ZeroDivisionError
    with StateLock(tmp_path):
        assert holder(tmp_path) == os.getpid()


def test_a_killed_holder_leaves_no_lock_behind(tmp_path: Path) -> None:
    """SIGKILL frees the lock at once, and the pid it wrote is not taken for a running daemon."""
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"held\n"
        assert holder(tmp_path) == first.pid
        with pytest.raises(AlreadyRunning, match=str(first.pid)), StateLock(tmp_path):
            pass
        first.send_signal(signal.SIGKILL)
    assert holder(tmp_path) is None
    with StateLock(tmp_path):
        assert holder(tmp_path) == os.getpid()


def test_the_state_is_private(tmp_path: Path) -> None:
    """Nobody else can look into a state directory that we made, nor at its lock."""
    with StateLock(tmp_path / "new" / "state"):
        assert (tmp_path / "new" / "state").stat().st_mode & 0o077 == 0
        assert (tmp_path / "new" / "state" / "lock").stat().st_mode & 0o077 == 0


def test_an_unusable_state_directory_says_which_setting_to_change(tmp_path: Path) -> None:
    """A file in the place of the directory: an error that names both."""
    (tmp_path / "state").touch()
    with pytest.raises(StateUnusable, match="AI_TRACES_STATE_DIR"), StateLock(tmp_path / "state"):
        pass


@pytest.mark.parametrize("call", ["open", "pwrite"])
@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_from_a_directory_that_cannot_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, reason: int
) -> None:
    """A restart may mend it, once there is room: so it is not what a service gives up for."""

    def full(*_arguments: object) -> int:
        raise OSError(reason, os.strerror(reason))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, full)
        with pytest.raises(StateFull, match="Make room on its disk"), StateLock(tmp_path):
            pass
    with StateLock(tmp_path):
        assert holder(tmp_path) == os.getpid()

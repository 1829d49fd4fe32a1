"""Promises of the watcher, on real events of a real file system: nothing is missed in silence."""

import os
import sys
import threading
from pathlib import Path

import pytest

from daemon.watching.health import Deaf, Healthy
from daemon.watching.watch import Touch, TouchedTree, Watcher
from tests.worlds.ear import entered, inside, touched, tree, until, watching

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify")


def test_a_written_log_is_heard_as_closed(tmp_path: Path) -> None:
    """Once its writer has closed it, a log is delivered as such, through a symlinked root too."""
    (tmp_path / "real").mkdir()
    (tmp_path / "logs").symlink_to("real")
    with watching(tmp_path / "logs") as (_, ear):
        (tmp_path / "real" / "a.md").write_text("a")
        assert ear.hears(touched("a.md", closed=True))


def test_an_append_is_heard_while_the_file_stays_open(tmp_path: Path) -> None:
    """A log that is written to for hours is delivered as open at each write."""
    with (tmp_path / "a.md").open("w") as log, watching(tmp_path) as (_, ear):
        log.write("more")
        log.flush()
        assert ear.hears(touched("a.md", closed=False))
        assert touched("a.md", closed=True) not in ear.touches


def test_an_atomic_save_is_heard_at_its_final_name_only(tmp_path: Path) -> None:
    """Written under a temporary name and renamed: the log is delivered, the temporary file is not."""
    with watching(tmp_path) as (_, ear):
        (tmp_path / ".a.md.tmp").write_text("a")
        (tmp_path / ".a.md.tmp").rename(tmp_path / "a.md")
        assert ear.hears(touched("a.md", closed=True))
        assert ear.paths() == {"a.md"}


def test_a_rename_is_heard_at_both_ends_and_a_deletion_too(tmp_path: Path) -> None:
    """The old name may now be free, the new one taken."""
    (tmp_path / "a.md").touch()
    with watching(tmp_path) as (_, ear):
        (tmp_path / "a.md").rename(tmp_path / "b.md")
        assert ear.hears(touched("a.md", closed=True))
        assert ear.hears(touched("b.md", closed=True))
        ear.touches.clear()
        (tmp_path / "b.md").unlink()
        assert ear.hears(touched("b.md", closed=True))


def test_reading_a_log_is_not_heard(tmp_path: Path) -> None:
    """What the daemon itself does to a log never wakes it."""
    (tmp_path / "a.md").write_text("a")
    with watching(tmp_path) as (_, ear):
        (tmp_path / "a.md").read_text()
        list(tmp_path.iterdir())
        (tmp_path / "z.md").touch()
        assert ear.hears(touched("z.md", closed=True))
        assert ear.paths() == {"z.md"}


def test_new_moved_and_removed_directories_are_heard_as_trees(tmp_path: Path) -> None:
    """Whatever happens to a directory, its subtree is delivered; of a hidden one nothing is."""
    root = tmp_path / "logs"
    root.mkdir()
    (tmp_path / "elsewhere").mkdir()
    with watching(root) as (_, ear):
        (root / ".git" / "refs").mkdir(parents=True)
        (tmp_path / "elsewhere").rename(root / "in")
        assert ear.hears(tree("in"))
        (root / "in").rename(root / "renamed")
        assert ear.hears(tree("renamed"))
        (root / "renamed").rmdir()
        assert until(lambda: ear.touches.count(tree("renamed")) >= 2)
        assert not [touch for touch in ear.touches if ".git" in touch.path]


def test_each_log_in_a_burst_of_new_directories_is_announced(tmp_path: Path) -> None:
    """300 times mkdir -p and write: each log is delivered itself or by a directory above it."""
    with watching(tmp_path) as (_, ear):
        names = [f"{number}/b/c/x.md" for number in range(300)]
        for name in names:
            (tmp_path / name).parent.mkdir(parents=True)
            (tmp_path / name).write_text("x")

        def announced() -> bool:
            trees = {touch.path for touch in ear.touches if isinstance(touch, TouchedTree)}
            paths = ear.paths()
            return all(name in paths or str(Path(name).parents[2]) in trees for name in names)

        assert until(announced)
        assert ear.overflows == []


def test_a_log_with_an_undecodable_name_is_heard(tmp_path: Path) -> None:
    """Its path is valid Unicode."""
    with watching(tmp_path) as (_, ear):
        with open(os.fsencode(tmp_path) + b"/\xe9.md", "wb"):  # noqa: PTH123 - a name in bytes
            pass
        assert ear.hears(touched(r"\xe9.md", closed=True))


def test_lost_events_are_reported(tmp_path: Path) -> None:
    """When the kernel's queue overflows we are told, and directories made meanwhile are watched."""
    queue = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    if queue > 50_000:
        pytest.skip("this machine's queue takes too long to overflow")
    with watching(tmp_path) as (watcher, ear):
        with inside()._inotify_fd._lock:  # its reader stands still
            for _ in range(queue // 2 + 2_000):  # more than it has in hand already
                os.mknod(tmp_path / "a.txt")
                (tmp_path / "a.txt").unlink()
            (tmp_path / "new").mkdir()
        assert until(lambda: bool(ear.overflows))
        assert watcher.coverage(entered(tmp_path)) == Healthy()
        (tmp_path / "new" / "b.md").write_text("b")
        assert ear.hears(touched("new/b.md", closed=True))


def test_a_listener_that_fails_does_not_end_the_watching(tmp_path: Path) -> None:
    """An exception while handing over is shown by the health, and later events are still handed over."""
    calls: list[Touch] = []

    def fail_once(touch: Touch) -> None:
        calls.append(touch)
        if len(calls) == 1:
            raise RuntimeError("loop closed")

    watcher = Watcher(tmp_path, deliver=fail_once, on_overflow=lambda: None)
    watcher.start()
    try:
        (tmp_path / "a.md").write_text("a")
        (tmp_path / "b.md").write_text("b")
        assert until(lambda: touched("b.md", closed=True) in calls)
        assert isinstance(watcher.health(), Deaf)
        assert watcher.restart() == Healthy()
    finally:
        watcher.stop()


def test_stopping_ends_every_thread_and_delivers_no_more(tmp_path: Path) -> None:
    """After stop nothing of the watcher is left; stopping again does nothing."""
    before = set(threading.enumerate())
    with watching(tmp_path) as (watcher, ear):
        assert set(threading.enumerate()) > before
        watcher.stop()
        assert set(threading.enumerate()) == before
        (tmp_path / "a.md").write_text("a")
        watcher.stop()
    assert ear.touches == []

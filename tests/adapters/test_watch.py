"""Promises of the watcher, on real events of a real file system: nothing is missed in silence."""

import errno
import os
import resource
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.watching.health import (
    Deaf,
    Healthy,
    ScanOnly,
    directories,
    file_system,
    is_silent,
    unwatched,
)
from daemon.watching.scan import scan
from daemon.watching.watch import Touch, Touched, TouchedTree, Watcher, _cannot_watch
from sync.files import RootUnavailable
from sync.names import LogPath

if TYPE_CHECKING:
    from watchdog.observers.inotify import InotifyObserver

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify")

DEADLINE = 20.0


@dataclass
class Ear:
    """What a watcher has delivered so far."""

    touches: list[Touch] = field(default_factory=list)
    overflows: list[int] = field(default_factory=list)

    def hears(self, touch: Touch) -> bool:
        """Wait for the touch; tell whether it came."""
        return until(lambda: touch in self.touches)

    def paths(self) -> set[str]:
        """Return the paths of the logs that were touched."""
        return {touch.path for touch in self.touches if isinstance(touch, Touched)}


def until(holds: Callable[[], bool]) -> bool:
    """Wait until it holds; give up at the deadline."""
    end = time.monotonic() + DEADLINE
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


@contextmanager
def watching(root: Path) -> Iterator[tuple[Watcher, Ear]]:
    """Watch the root, listening."""
    ear = Ear()
    watcher = Watcher(root, deliver=ear.touches.append, on_overflow=lambda: ear.overflows.append(1))
    assert watcher.start() == Healthy()
    try:
        yield watcher, ear
    finally:
        watcher.stop()


def inside(watcher: Watcher) -> "InotifyObserver":
    """Return watchdog's own object, to break it."""
    from watchdog.observers.inotify import InotifyObserver  # noqa: PLC0415 - only Linux has it

    assert isinstance(watcher._observer, InotifyObserver)
    return watcher._observer


def tree(path: str) -> TouchedTree:
    """Return the touch of a directory."""
    return TouchedTree(LogPath(path))


def entered(root: Path) -> list[LogPath]:
    """Return the directories that a scan comes through."""
    directories: list[LogPath] = []
    assert all(scan(root, entered=directories.append))
    return directories


def touched(path: str, *, closed: bool) -> Touched:
    """Return the touch of a log."""
    return Touched(LogPath(path), closed)


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
        with inside(watcher)._inotify_fd._lock:  # its reader stands still
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


def remove_and_make(root: Path) -> None:
    """Replace the directory."""
    shutil.rmtree(root)
    root.mkdir()


def rename_and_make(root: Path) -> None:
    """Move the directory away and put another in its place: the kernel says nothing."""
    root.rename(root.with_name("old"))
    root.mkdir()


@pytest.mark.parametrize("replace", [remove_and_make, rename_and_make])
def test_a_replaced_root_makes_deaf_and_restart_mends_it(
    tmp_path: Path, replace: Callable[[Path], None]
) -> None:
    """The health notices, even if the new directory got the old one's inode; a restart hears the new one."""
    root = tmp_path / "logs"
    root.mkdir()
    with watching(root) as (watcher, ear):
        replace(root)
        assert until(lambda: isinstance(watcher.health(), Deaf))
        assert watcher.restart() == Healthy()
        (root / "a.md").write_text("a")
        assert ear.hears(touched("a.md", closed=True))


def test_a_root_that_leads_to_its_directory_by_another_path_makes_deaf(tmp_path: Path) -> None:
    """The same directory, but what is made below it would be watched by a path that is gone."""
    (tmp_path / "old").mkdir()
    root = tmp_path / "logs"
    root.symlink_to("old")
    with watching(root) as (watcher, ear):
        assert watcher.health() == Healthy()
        (tmp_path / "old").rename(tmp_path / "new")
        root.unlink()
        root.symlink_to("new")
        assert isinstance(watcher.health(), Deaf)
        assert watcher.restart() == Healthy()
        (root / "below").mkdir()
        assert ear.hears(tree("below"))


def test_a_root_that_was_unmounted_and_mounted_again_makes_deaf(tmp_path: Path) -> None:
    """Same device, same inode, no event: that the kernel dropped the watch is what tells."""
    root = tmp_path / "logs"
    root.mkdir()
    with watching(root) as (watcher, _):
        (group,) = [emitter._inotify for emitter in inside(watcher).emitters]  # type: ignore[attr-defined]
        group._remove_callbacks(list(group._active_callbacks_by_watch))
        assert isinstance(watcher.health(), Deaf)
        assert watcher.restart() == Healthy()


def test_a_missing_root_is_no_reason_to_give_up(tmp_path: Path) -> None:
    """Starting without a root raises; once the directory is there a restart watches it."""
    root = tmp_path / "logs"
    ear = Ear()
    watcher = Watcher(root, deliver=ear.touches.append, on_overflow=lambda: None)
    with pytest.raises(RootUnavailable):
        watcher.start()
    assert isinstance(watcher.health(), Deaf)
    root.mkdir()
    try:
        assert watcher.restart() == Healthy()
        (root / "a.md").write_text("a")
        assert ear.hears(touched("a.md", closed=True))
    finally:
        watcher.stop()


@pytest.mark.parametrize("thread", ["dispatcher", "emitter", "reader"])
def test_each_thread_that_ends_makes_deaf(tmp_path: Path, thread: str) -> None:
    """Whichever of watchdog's three threads has ended, the health says so."""
    with watching(tmp_path) as (watcher, _):
        observer = inside(watcher)
        victim = {
            "dispatcher": observer,
            "emitter": next(iter(observer.emitters)),
            "reader": observer._inotify_fd,
        }[thread]
        victim.stop()
        victim.join(DEADLINE)
        assert isinstance(watcher.health(), Deaf)
        assert watcher.restart() == Healthy()


def test_a_directory_that_is_not_watched_is_noticed(tmp_path: Path) -> None:
    """When the kernel's limit left a directory out, coverage says so and how to raise the limit."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    with watching(tmp_path) as (watcher, _):
        assert watcher.coverage(entered(tmp_path)) == Healthy()
        (group,) = [emitter._inotify for emitter in inside(watcher).emitters]  # type: ignore[attr-defined]
        group._remove_callbacks([group._active_callbacks_by_path[os.fsencode(tmp_path / "a" / "b")]])
        health = watcher.coverage(entered(tmp_path))
        assert isinstance(health, ScanOnly)
        assert "max_user_watches" in health.hint
        shutil.rmtree(tmp_path / "a")
        assert watcher.coverage([LogPath(""), LogPath("a/b")]) == Healthy()  # it went after the scan


def test_no_more_open_files_means_scans_only(tmp_path: Path) -> None:
    """A machine that allows no watching says so, with what to raise, and a later restart watches."""
    ear = Ear()
    watcher = Watcher(tmp_path, deliver=ear.touches.append, on_overflow=lambda: None)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest_free = os.dup(0)
    os.close(lowest_free)
    # inotify itself gets a descriptor, the pipe beside it does not
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free + 2, hard))
    try:
        health = watcher.start()
        assert watcher.health() == health
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert isinstance(health, ScanOnly)
    assert "max_user_instances" in health.hint
    try:
        assert watcher.restart() == Healthy()
    finally:
        watcher.stop()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EMFILE, errno.EIO])
def test_whatever_forbids_watching_is_told(code: int) -> None:
    """Each failure of the kernel has words of its own."""
    health = _cannot_watch(OSError(code, os.strerror(code)))
    assert health.reason
    assert bool(health.hint) == (code != errno.EIO)


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


MOUNTINFO = r"""22 27 0:21 / /proc rw,relatime shared:12 - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/root rw
40 27 0:35 / /home/jen\040os rw,relatime - nfs4 server:/export rw
41 27 0:36 / /home/jen rw,relatime shared:3 master:2 - fuse.sshfs jen@host: rw
42 41 0:37 / /home/jen/local rw - tmpfs tmpfs rw
a line of another kind
"""


@pytest.mark.parametrize(
    ("path", "kind", "silent"),
    [
        ("/", "ext4", False),
        ("/home/jenny", "ext4", False),
        ("/home/jen os/logs", "nfs4", True),
        ("/home/jen/logs", "fuse.sshfs", True),
        ("/home/jen/local/logs", "tmpfs", False),
    ],
)
def test_the_file_system_of_a_path_is_that_of_its_nearest_mount(path: str, kind: str, silent: bool) -> None:
    """Network file systems are told apart from local ones, by whole path components."""
    assert file_system(MOUNTINFO, path) == kind
    assert is_silent(kind) == silent


@given(st.text(), st.text(min_size=1).map("/".__add__))
def test_any_mountinfo_can_be_read(text: str, path: str) -> None:
    """An unknown format is no reason to fail."""
    assert isinstance(file_system(text, path), str)


def test_hidden_directories_need_no_watch(tmp_path: Path) -> None:
    """Only directories that may hold logs count as unwatched, the root among them."""
    for name in ("a", ".git/objects", "b/.cache"):
        (tmp_path / name).mkdir(parents=True)
    watched = {os.fsencode(tmp_path / "a")}
    assert unwatched(tmp_path, entered(tmp_path), watched) == 2
    assert sum(1 for _ in directories(str(tmp_path))) == 3


def test_a_directory_is_known_by_whatever_bytes_its_name_is_made_of(tmp_path: Path) -> None:
    """A watch on it counts, and one that is missing is missed."""
    os.mkdir(os.fsencode(tmp_path) + b"/\xe9\\x41")  # noqa: PTH102 - a name in bytes
    with watching(tmp_path) as (watcher, _):
        assert watcher.coverage(entered(tmp_path)) == Healthy()
    assert unwatched(tmp_path, entered(tmp_path), {os.fsencode(tmp_path)}) == 1

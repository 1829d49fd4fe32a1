"""How well the watcher hears, on a real file system: deafness is noticed, told and mended."""

import errno
import os
import resource
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.watching.health import (
    Deaf,
    Healthy,
    ScanOnly,
    cannot_watch,
    directories,
    file_system,
    is_silent,
    unwatched,
)
from daemon.watching.watch import Watcher
from sync.files import RootUnavailable
from sync.names import LogPath
from tests.worlds.ear import Ear, entered, inside, touched, tree, until, watching
from tests.worlds.patience import PATIENCE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify")


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
        (group,) = [emitter._inotify for emitter in inside().emitters]  # type: ignore[attr-defined]
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
        observer = inside()
        victim = {
            "dispatcher": observer,
            "emitter": next(iter(observer.emitters)),
            "reader": observer._inotify_fd,
        }[thread]
        victim.stop()
        victim.join(PATIENCE)
        assert isinstance(watcher.health(), Deaf)
        assert watcher.restart() == Healthy()


def test_a_directory_that_is_not_watched_is_noticed(tmp_path: Path) -> None:
    """When the kernel's limit left a directory out, coverage says so and how to raise the limit."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    with watching(tmp_path) as (watcher, _):
        assert watcher.coverage(entered(tmp_path)) == Healthy()
        (group,) = [emitter._inotify for emitter in inside().emitters]  # type: ignore[attr-defined]
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
    health = cannot_watch(OSError(code, os.strerror(code)))
    assert health.reason
    assert bool(health.hint) == (code != errno.EIO)


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

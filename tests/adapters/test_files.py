"""Promises of reading a log: whole, at one instant, from inside the logs directory only."""

import hashlib
import os
import socket
import stat
import string
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sync import files
from sync.errors import LogUnreadable
from sync.files import (
    NotALog,
    NotALogReason,
    ReadEnds,
    ReadLog,
    RootUnavailable,
    Stamp,
    Unstable,
    Vanished,
    is_long,
    read_log,
)
from sync.log_path import accepts, resolve, to_fs_relative, to_log_path
from sync.names import LogPath

ANY_NAMES = pytest.mark.skipif(sys.platform == "darwin", reason="its file names are always Unicode")
NAME_BYTES = st.binary(min_size=1, max_size=40).filter(lambda name: b"\0" not in name and b"/" not in name)


@ANY_NAMES
@given(NAME_BYTES | st.text("\\x5cde9", min_size=1).map(str.encode))
@example(rb"\xe9")
@example(rb"\x5cxe9")
@example(b"\\\xe9")
@example(b"\\x\xe9")
def test_any_file_name_has_a_unicode_path_that_finds_it_again(name: bytes) -> None:
    """Every name becomes valid Unicode, and the way back gives the very bytes: no two share a path."""
    path = to_log_path(os.fsdecode(name))
    path.encode("utf-8")
    assert os.fsencode(to_fs_relative(path)) == name


@given(st.text(string.ascii_letters + string.digits + "-_/ é中.", min_size=1))
def test_an_ordinary_name_is_its_own_path(name: str) -> None:
    """What Claude names a log is what Jen reads."""
    assert to_log_path(name) == name


@ANY_NAMES
@settings(deadline=None)
@given(NAME_BYTES.filter(lambda name: name not in {b".", b".."}))
def test_a_log_of_any_name_can_be_read(tmp_path_factory: pytest.TempPathFactory, name: bytes) -> None:
    """A log with an undecodable name is found by its path."""
    root = tmp_path_factory.mktemp("logs")
    with open(os.path.join(os.fsencode(root), name), "wb") as file:  # noqa: PTH118, PTH123 - a name in bytes
        file.write(name)
    path = to_log_path(os.fsdecode(name))
    reading = read_log(root, path)
    assert isinstance(reading, ReadLog)
    assert reading.content == name
    assert Path(resolve(root, path)).read_bytes() == name


@pytest.mark.parametrize(
    "path", ["2026-01-10-x.md", "exceptions/2026-01-10-x.md", "X.MD", "a/b c/d.Md", "#1.md"]
)
def test_markdown_files_are_logs(path: str) -> None:
    """Any visible markdown file below the logs directory is a log, whatever the case of its ending."""
    assert accepts(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".md",
        "a.txt",
        "a.md~",
        "#a.md#",
        ".#a.md",
        ".a.md.swp",
        "a.md.swx",
        "4913",
        "a.md.tmp",
        "a.md.tmp.12.34",
        "a.md.part",
        "a.md.crdownload",
        "a.md.bak",
        "a.md___jb_tmp___",
        "~$a.md",
        ".git/a.md",
        "a/.hidden/b.md",
        "../a.md",
        "/a.md",
        "a//b.md",
        "./a.md",
    ],
)
def test_hidden_and_temporary_files_are_no_logs(path: str) -> None:
    """What editors, downloads and version control leave behind is never mirrored."""
    assert not accepts(path)


def test_content_stamp_and_digest_come_from_one_reading(tmp_path: Path) -> None:
    """The digest is that of the bytes returned, the stamp that of the file they came from."""
    (tmp_path / "exceptions").mkdir()
    file = tmp_path / "exceptions" / "a.md"
    file.write_bytes(b"# \xff\r\n\0")
    reading = read_log(tmp_path, LogPath("exceptions/a.md"))
    assert isinstance(reading, ReadLog)
    assert reading == ReadLog(b"# \xff\r\n\0", Stamp.of(file.stat()))
    assert reading.digest == hashlib.sha256(b"# \xff\r\n\0").hexdigest()


def test_a_missing_file_has_vanished(tmp_path: Path) -> None:
    """Absent, below an absent directory, below a file, or of an impossible name: there is no such log."""
    (tmp_path / "file").touch()
    for path in ("a.md", "no/a.md", "file/a.md", "a" * 300 + ".md"):
        assert read_log(tmp_path, LogPath(path)) == Vanished(), path


def test_a_missing_root_is_not_a_missing_log(tmp_path: Path) -> None:
    """When the logs directory is away nothing is said about a log, so that no page is trashed."""
    with pytest.raises(RootUnavailable, match="AI_TRACES_LOGS_DIR"):
        read_log(tmp_path / "away", LogPath("a.md"))


def test_what_is_no_regular_file_is_never_opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A FIFO would block for ever, a link would read what is not ours: each is named instead."""
    secret = tmp_path / "secret.md"
    secret.write_text("secret")
    root = tmp_path / "logs"
    root.mkdir()
    (root / "link.md").symlink_to(secret)
    (root / "loop.md").symlink_to("loop.md")
    (root / "dangling.md").symlink_to("nowhere")
    (root / "out").symlink_to(tmp_path)
    (root / "dir.md").mkdir()
    os.mkfifo(root / "fifo.md")
    monkeypatch.chdir(root)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.md")
    expected = {
        "link.md": NotALogReason.SYMLINK,
        "loop.md": NotALogReason.SYMLINK,
        "dangling.md": NotALogReason.SYMLINK,
        "out/secret.md": NotALogReason.SYMLINK,
        "dir.md": NotALogReason.DIRECTORY,
        "fifo.md": NotALogReason.FIFO,
        "socket.md": NotALogReason.SOCKET,
        "../secret.md": NotALogReason.OUTSIDE,
        str(secret): NotALogReason.OUTSIDE,
        "a\0.md": NotALogReason.OUTSIDE,
    }
    assert {path: read_log(root, LogPath(path)) for path in expected} == {
        path: NotALog(reason) for path, reason in expected.items()
    }
    assert read_log(Path("/dev"), LogPath("null")) == NotALog(NotALogReason.DEVICE)


def test_the_root_itself_may_be_a_symlink(tmp_path: Path) -> None:
    """Jen may keep her logs elsewhere and link to them."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.md").write_text("a")
    (tmp_path / "logs").symlink_to("real")
    assert isinstance(read_log(tmp_path / "logs", LogPath("a.md")), ReadLog)


def test_a_forbidden_log_says_how_to_allow_it(as_ordinary_user: Path) -> None:
    """Permission denied names the path and the command."""
    file = as_ordinary_user / "a.md"
    file.touch(mode=0)
    with pytest.raises(LogUnreadable, match=r"a\.md cannot be read \(permission denied\).*chmod"):
        read_log(as_ordinary_user, LogPath("a.md"))


def test_a_file_up_to_the_limit_is_read_whole(tmp_path: Path) -> None:
    """Every byte of it is there."""
    content = bytes(range(256)) * (files.MAX_WHOLE // 256) + b"x" * (files.MAX_WHOLE % 256)
    (tmp_path / "a.md").write_bytes(content)
    reading = read_log(tmp_path, LogPath("a.md"))
    assert type(reading) is ReadLog
    assert reading.content == content


def test_of_a_huge_file_the_ends_are_read(tmp_path: Path) -> None:
    """One byte above the limit: the ends are kept, all of it is hashed, what lies between is counted."""
    inside = b"```sh\n" + b"some output\n" * (files.MAX_WHOLE // 10)
    content = b"first\n" + inside + b"```\nlast\n"
    (tmp_path / "a.md").write_bytes(content)
    tracemalloc.start()
    reading = read_log(tmp_path, LogPath("a.md"))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 6 * 1024 * 1024
    assert isinstance(reading, ReadEnds)
    assert reading.digest == hashlib.sha256(content).hexdigest()
    assert reading.stamp.size == len(content)
    head, tail = reading.content[: reading.gap.at], reading.content[reading.gap.at :]
    assert content.startswith(head)
    assert content.endswith(tail)
    assert len(content) == len(head) + len(tail) + reading.gap.size
    between = content[len(head) : len(content) - len(tail)]
    assert reading.gap.lines == between.count(b"\n")
    assert reading.gap.fence == b"```sh"


def test_a_file_with_a_hole_needs_no_memory(tmp_path: Path) -> None:
    """Much of nothing, without a line end, is read by its ends too."""
    with (tmp_path / "a.md").open("wb") as file:
        file.truncate(200_000_000)
    reading = read_log(tmp_path, LogPath("a.md"))
    assert isinstance(reading, ReadEnds)
    assert reading.gap.lines == 0


@pytest.mark.parametrize(("size", "long"), [(0, False), (3_000, False), (300_000, True), (200_000_000, True)])
def test_what_takes_long_to_read_is_known_before(tmp_path: Path, size: int, *, long: bool) -> None:
    """By its length alone; what is not there takes no time."""
    with (tmp_path / "a.md").open("wb") as file:
        file.truncate(size)
    assert is_long(tmp_path, LogPath("a.md")) is long
    assert not is_long(tmp_path, LogPath("missing.md"))


def test_no_reading_mixes_two_versions(tmp_path: Path) -> None:
    """While the log is replaced again and again, every content that is returned is one that was written."""
    versions = [bytes([letter]) * 300_000 for letter in b"abcdef"]
    file = tmp_path / "a.md"
    file.write_bytes(versions[0])
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            for version in versions:
                (tmp_path / "new").write_bytes(version)
                (tmp_path / "new").replace(file)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        readings = [read_log(tmp_path, LogPath("a.md")) for _ in range(300)]
    finally:
        stop.set()
        writer.join()
    assert {reading.content for reading in readings if isinstance(reading, ReadLog)} <= set(versions)
    assert all(isinstance(reading, ReadLog | Unstable) for reading in readings)


def append(file: Path) -> None:
    """Let the log grow."""
    with file.open("ab") as opened:
        opened.write(b"more")


def overwrite_in_secret(file: Path) -> None:
    """Change the text, keep the size, and set the time of change back."""
    before = file.stat()
    file.write_bytes(b"other")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def replace(file: Path) -> None:
    """Save as editors do."""
    file.with_suffix(".new").write_bytes(b"other")
    file.with_suffix(".new").replace(file)


def move_directory(file: Path) -> None:
    """Leave the file as it is, at another path."""
    file.parent.rename(file.parent.with_name("elsewhere"))


def replace_directory(file: Path) -> None:
    """Leave the file as it is, and put another one at its path."""
    move_directory(file)
    file.parent.mkdir()
    file.write_bytes(b"other")


@pytest.mark.parametrize(
    ("meddle", "expected"),
    [
        (append, Unstable()),
        (overwrite_in_secret, Unstable()),
        (replace, Unstable()),
        (Path.unlink, Vanished()),
        (move_directory, Vanished()),
        (replace_directory, Unstable()),
    ],
)
def test_a_change_in_the_middle_of_reading_is_noticed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    meddle: Callable[[Path], None],
    expected: files.ReadResult,
) -> None:
    """Whatever happens to the file between its opening and its reading, it is not taken for read."""
    (tmp_path / "exceptions").mkdir()
    file = tmp_path / "exceptions" / "a.md"
    file.write_bytes(b"first")
    fstat, meddled = os.fstat, list[bool]()

    def fstat_then_meddle(descriptor: int) -> os.stat_result:
        status = fstat(descriptor)
        if not meddled:
            meddled.append(True)
            time.sleep(0.01)  # older kernels count time in steps of 4 ms
            meddle(file)
        return status

    monkeypatch.setattr(os, "fstat", fstat_then_meddle)
    assert read_log(tmp_path, LogPath("exceptions/a.md")) == expected


def test_a_fifo_that_takes_the_place_of_a_log_blocks_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Swapped between our look and our open, it is seen for what it is not."""
    file = tmp_path / "a.md"
    file.touch()
    look, readings = os.stat, list[files.ReadResult]()

    def look_then_swap(
        path: str, *, dir_fd: int | None = None, follow_symlinks: bool = True
    ) -> os.stat_result:
        status = look(path, dir_fd=dir_fd, follow_symlinks=follow_symlinks)
        if path == "a.md" and stat.S_ISREG(status.st_mode):
            file.unlink()
            os.mkfifo(file)
        return status

    reader = threading.Thread(
        target=lambda: readings.append(read_log(tmp_path, LogPath("a.md"))), daemon=True
    )
    with monkeypatch.context() as swapping:
        swapping.setattr(os, "stat", look_then_swap)
        reader.start()
        reader.join(2)
    assert readings == [Unstable()]

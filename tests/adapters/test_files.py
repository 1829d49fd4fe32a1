"""Promises of reading a log: whole, or by its ends, from inside the logs directory only."""

import hashlib
import os
import socket
import tracemalloc
from pathlib import Path

import pytest

from sync import files
from sync.errors import LogUnreadable
from sync.files import (
    NotALog,
    NotALogReason,
    ReadEnds,
    ReadLog,
    RootUnavailable,
    Stamp,
    Vanished,
    is_long,
    read_log,
)
from sync.names import LogPath


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

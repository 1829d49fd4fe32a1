"""Files are put in place whole, and never over something else."""

import errno
import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from daemon.authoring.placing import Changed, put_new, read_file, rename_new, replace_unchanged
from sync.log_path import accepts

BIG = b"0123456789abcdef" * 64 * 1024


def _names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


@contextmanager
def _observed(directory: Path) -> Iterator[set[tuple[str, int]]]:
    """Collect which logs can be seen meanwhile, and how long each is."""
    seen: set[tuple[str, int]] = set()
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            for name in filter(accepts, _names(directory)):
                seen.add((name, (directory / name).stat().st_size))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()


@pytest.fixture
def no_hard_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that has none, as on many sticks and network drives."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)


def test_a_new_file_is_seen_whole_or_not_at_all(tmp_path: Path) -> None:
    """Whoever looks meanwhile sees no part of it, and nothing that would be taken for a log."""
    with _observed(tmp_path) as seen:
        for number in range(30):
            put_new(tmp_path / f"{number}.md", BIG)
    assert {size for _, size in seen} <= {len(BIG)}
    assert _names(tmp_path) == sorted(f"{number}.md" for number in range(30))


def test_of_two_at_once_one_is_refused(tmp_path: Path) -> None:
    """However many write the same name, one does it, and the others know that they did not."""
    refused: list[int] = []

    def write(number: int) -> None:
        try:
            put_new(tmp_path / "a.md", str(number).encode())
        except FileExistsError:
            refused.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 7
    assert int((tmp_path / "a.md").read_bytes()) not in refused
    assert _names(tmp_path) == ["a.md"]


@pytest.mark.usefixtures("no_hard_links")
def test_without_hard_links_nothing_is_written_over_either(tmp_path: Path) -> None:
    """The name is taken first: a new file, and a renamed one, come out the same."""
    put_new(tmp_path / "a.md", b"a")
    with pytest.raises(FileExistsError):
        put_new(tmp_path / "a.md", b"b")
    put_new(tmp_path / "b.md", b"b")
    with pytest.raises(FileExistsError):
        rename_new(tmp_path / "a.md", "b.md")
    assert rename_new(tmp_path / "a.md", "c.md") == tmp_path / "c.md"
    assert {name: (tmp_path / name).read_bytes() for name in _names(tmp_path)} == {
        "b.md": b"b",
        "c.md": b"a",
    }


def test_a_link_to_nowhere_is_not_written_through(tmp_path: Path) -> None:
    """A name is taken by whatever bears it."""
    (tmp_path / "a.md").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        put_new(tmp_path / "a.md", b"a")
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_that_is_as_it_was_read_is_replaced(tmp_path: Path) -> None:
    """It keeps its permissions, is never seen empty or cut, and leaves nothing else behind."""
    file = tmp_path / "a.md"
    file.write_bytes(BIG)
    file.chmod(0o640)
    with _observed(tmp_path) as seen:
        replace_unchanged(file, BIG + BIG, seen=read_file(file))
    assert {size for _, size in seen} <= {len(BIG), 2 * len(BIG)}
    assert file.stat().st_mode & 0o777 == 0o640
    assert _names(tmp_path) == ["a.md"]


@pytest.mark.parametrize("how", ["written to", "replaced", "touched", "linked"])
def test_a_file_that_changed_since_is_left_alone(tmp_path: Path, how: str) -> None:
    """What somebody wrote after the reading is never lost, even with the old time set back."""
    file = tmp_path / "a.md"
    file.write_bytes(b"old")
    seen, status = read_file(file), file.stat()
    match how:
        case "written to":
            file.write_bytes(b"new")
            os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
        case "replaced":
            (tmp_path / "b").write_bytes(b"new")
            (tmp_path / "b").replace(file)
        case "touched":
            os.utime(file)
        case _:
            file.rename(tmp_path / "real.md")
            file.symlink_to("real.md")
    before = file.read_bytes()
    with pytest.raises(Changed):
        replace_unchanged(file, b"mended", seen=seen)
    assert file.read_bytes() == before
    assert not list(tmp_path.glob(".ai-traces-*"))


@pytest.mark.skipif(not hasattr(fcntl, "F_SETLEASE"), reason="this system cannot tell who has a file open")
def test_a_file_that_somebody_has_open_to_write_is_left_alone(tmp_path: Path) -> None:
    """What is being written would go on into the file that is no longer there."""
    file = tmp_path / "a.md"
    file.write_bytes(b"old")
    seen = read_file(file)
    with file.open("ab"), pytest.raises(Changed):
        replace_unchanged(file, b"mended", seen=seen)
    assert file.read_bytes() == b"old"
    replace_unchanged(file, b"mended", seen=seen)
    assert file.read_bytes() == b"mended"


def test_a_pipe_is_no_reason_to_wait(tmp_path: Path) -> None:
    """Reading ends, whatever lies there."""
    os.mkfifo(tmp_path / "a.md")
    assert read_file(tmp_path / "a.md").content == b""

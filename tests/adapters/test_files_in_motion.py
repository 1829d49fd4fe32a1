"""Promises of reading a log that changes meanwhile: one instant of it, or none."""

import os
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sync import files
from sync.files import ReadLog, Unstable, Vanished, read_log
from sync.names import LogPath


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
        reader.join(30)
    assert readings == [Unstable()]

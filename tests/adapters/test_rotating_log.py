"""Promises of the log file: every line is in it or in an earlier one, and it never grows without end."""

import errno
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.telemetry.rotating_log import RotatingLog
from sync.errors import ConfigurationError


@given(st.lists(st.text(min_size=1, max_size=60), max_size=40))
def test_lines_stay_whole_and_in_order(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    """Read from the oldest file to the youngest, the files are what was written, or its end."""
    path = tmp_path_factory.mktemp("log") / "ai-traces.log"
    for line in lines:  # each by a process of its own
        with RotatingLog(path, most_bytes=200, kept=2) as log:
            log.write(f"{line}\n")
    files = [path.with_name(f"{path.name}{suffix}") for suffix in (".2", ".1", "")]
    written = b"".join(file.read_bytes() for file in files if file.exists())
    whole = "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")
    assert whole.endswith(written)
    assert all(file.stat().st_size <= 200 + 400 for file in files if file.exists())
    assert not path.with_name(f"{path.name}.3").exists()


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    """The daemon's log names logs and pages: it is nobody else's."""
    path = tmp_path / "new/ai-traces.log"
    with RotatingLog(path) as log:
        log.write("x\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """It is an error of the configuration, which says what to do."""
    (tmp_path / "file").write_text("x", encoding="ascii")
    with pytest.raises(ConfigurationError, match="log file"):
        RotatingLog(tmp_path / "file/ai-traces.log")


def test_a_disk_that_is_full_for_a_while_does_not_silence_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said while no new file can be made is lost; what is said after that is written again."""
    path = tmp_path / "ai-traces.log"
    with RotatingLog(path, most_bytes=10) as log:
        log.write("longer than ten bytes\n")
        with monkeypatch.context() as full:
            full.setattr(os, "open", _no_space)
            log.write("lost\n")
            log.write("lost as well\n")
        log.write("heard again\n")
    assert path.read_text(encoding="utf-8") == "heard again\n"
    assert path.with_name("ai-traces.log.1").read_text(encoding="utf-8") == "longer than ten bytes\n"


def test_it_can_be_closed_on_a_full_disk() -> None:
    """The daemon that stops while the disk is full stops as on any day."""
    with RotatingLog(Path("/dev/full")) as log:
        log.write("lost\n")


def _no_space(*_arguments: object, **_named: object) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")

"""Promises of a log's path: every file name has one, and what is no log has none."""

import os
import string
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sync.files import ReadLog, read_log
from sync.log_path import accepts, resolve, to_fs_relative, to_log_path

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

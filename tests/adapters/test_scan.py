"""Promises of a scan: every log, nothing else, and no silence taken for absence."""

import os
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.watching.scan import PIECE, Found, Unlistable, identity, pieces, same_root, scan
from sync.files import ReadLog, RootUnavailable, read_log
from sync.names import LogPath


def write(root: Path, *names: str) -> None:
    """Write a log of each name, with its name as content."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(os.fsencode(name))


def paths(root: Path) -> list[str]:
    """Scan, and return the paths that were found."""
    return [finding.path for finding in scan(root) if isinstance(finding, Found)]


PART = st.text("ab.~é ", min_size=1, max_size=4).filter(lambda part: part not in {".", ".."})


@settings(deadline=None)
@given(st.sets(st.lists(PART, min_size=1, max_size=3).map("/".join), max_size=12))
def test_a_scan_finds_exactly_the_logs(tmp_path_factory: pytest.TempPathFactory, stems: set[str]) -> None:
    """Whatever tree: each log once, each readable with the stamp that the scan gave, and nothing hidden."""
    root = tmp_path_factory.mktemp("logs")
    write(root, *(f"{stem}.md" for stem in stems), *(f"{stem}.txt" for stem in stems))
    found = {finding.path: finding for finding in scan(root) if isinstance(finding, Found)}
    hidden = (".", "~")
    assert set(found) == {
        f"{stem}.md" for stem in stems if not any(part.startswith(hidden) for part in f"{stem}.md".split("/"))
    }
    for path, finding in found.items():
        reading = read_log(root, path)
        assert isinstance(reading, ReadLog)
        assert reading.stamp == finding.stamp


def test_the_order_is_stable(tmp_path: Path) -> None:
    """Logs come by path, wherever they lie: two scans of one tree are equal."""
    write(tmp_path, "c.md", "a.md", "z/b.md", "z/a.md", "b/x.md", "b/y/z.md", "b-c.md", "b.md")
    expected = ["a.md", "b-c.md", "b.md", "b/x.md", "b/y/z.md", "c.md", "z/a.md", "z/b.md"]
    assert paths(tmp_path) == expected


def test_every_directory_that_is_listed_is_told_of(tmp_path: Path) -> None:
    """The root and each visible one below it, whether or not it holds logs, before what lies in it."""
    write(tmp_path, "b/a.md", "b/c/d.txt", ".hidden/e.md", "z/f.md")
    seen: list[str] = []
    for piece in pieces(tmp_path, unlistable=lambda _: None, entered=seen.append):
        for log in piece:
            assert os.path.dirname(log.path) in seen  # noqa: PTH120 - a path within the logs
    assert seen == ["", "b", "b/c", "z"]


def test_pieces_are_the_scan_many_logs_at_a_time(tmp_path: Path) -> None:
    """Many small directories or a large one: the same logs in the same order, and no tiny piece."""
    write(tmp_path, *(f"{number // 3:03}/{number}.md" for number in range(PIECE)))
    write(tmp_path, *(f"z/{number:04}.md" for number in range(2 * PIECE)))
    cut = list(pieces(tmp_path, unlistable=lambda _: None))
    assert [log for piece in cut for log in piece] == list(scan(tmp_path))
    assert all(PIECE <= len(piece) < 2 * PIECE for piece in cut)


NAME = st.binary(min_size=1, max_size=4).filter(lambda name: not {*b"\0./"} & {*name})


@pytest.mark.skipif(sys.platform == "darwin", reason="its file systems take names in UTF-8 only")
@settings(deadline=None)
@given(names=st.sets(st.lists(NAME, min_size=1, max_size=2).map(b"/".join), max_size=12))
def test_the_order_is_that_of_the_state(tmp_path_factory: pytest.TempPathFactory, names: set[bytes]) -> None:
    """Whatever bytes names are made of, a scan yields the logs as the state sorts their paths."""
    root = tmp_path_factory.mktemp("logs")
    write(root, *(os.fsdecode(b"_" + name + b".md") for name in names))
    found = paths(root)
    with closing(sqlite3.connect(":memory:")) as state:
        state.execute("CREATE TABLE pages (path TEXT PRIMARY KEY)")
        state.executemany("INSERT INTO pages VALUES (?)", ((path,) for path in reversed(found)))
        assert found == [path for (path,) in state.execute("SELECT path FROM pages ORDER BY path")]


def test_nothing_is_followed_out_of_the_tree(tmp_path: Path) -> None:
    """Symlinks, loops among them, FIFOs and directories that are named like logs are passed over."""
    root = tmp_path / "logs"
    write(root, "a.md")
    write(tmp_path, "outside/secret.md")
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "loop").symlink_to(root)
    (root / "link.md").symlink_to(tmp_path / "outside" / "secret.md")
    (root / "dir.md").mkdir()
    os.mkfifo(root / "fifo.md")
    assert paths(root) == ["a.md"]


def test_a_missing_root_is_no_empty_root(tmp_path: Path) -> None:
    """A logs directory that is away, or a file, raises: no log may be taken for deleted."""
    write(tmp_path, "file")
    for root in (tmp_path / "away", tmp_path / "file"):
        with pytest.raises(RootUnavailable, match="AI_TRACES_LOGS_DIR"):
            list(scan(root))


def test_a_root_that_is_replaced_during_the_scan_is_noticed(tmp_path: Path) -> None:
    """An unmounted or replaced root ends the scan with an error, however many logs it has yielded."""
    root = tmp_path / "logs"
    write(root, "a.md", "b/c.md")
    findings = scan(root)
    next(findings)
    root.rename(tmp_path / "old")
    root.mkdir()
    with pytest.raises(RootUnavailable, match="replaced"):
        list(findings)


def test_an_unlistable_directory_is_reported_and_the_rest_found(as_ordinary_user: Path) -> None:
    """What cannot be listed is named as unknown, and covers all logs below; its neighbours are found."""
    write(as_ordinary_user, "a.md", "b/c.md", "d/e.md")
    (as_ordinary_user / "b").chmod(0)
    try:
        findings = list(scan(as_ordinary_user))
    finally:
        (as_ordinary_user / "b").chmod(stat.S_IRWXU)
    assert [finding.path for finding in findings] == ["a.md", "b", "d/e.md"]
    unlistable = findings[1]
    assert unlistable == Unlistable(LogPath("b"), "permission denied")
    assert isinstance(unlistable, Unlistable)
    assert unlistable.covers(LogPath("b/c.md"))
    assert not unlistable.covers(LogPath("bc.md"))


def test_the_root_is_known_again_by_what_it_is(tmp_path: Path) -> None:
    """The same directory is itself; one of the same name in its place is not, and neither is none."""
    root = tmp_path / "logs"
    root.mkdir()
    known = identity(root)
    write(root, "a.md")
    assert same_root(root, known)
    root.rename(tmp_path / "old")
    assert not same_root(root, known)
    root.mkdir()
    assert not same_root(root, known)

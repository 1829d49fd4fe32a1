"""The audit: every kind of difference between files, pages and state is named, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.comparison.differences import Findings, compare
from sync.keys import key_of
from sync.names import Digest, Key, LogPath, PageId, UserId
from sync.notion.model import Author, PageRow
from sync.planning.page_state import Absent, Synced
from sync.state.records import PageRecord, Standing

BOT, JEN = UserId("bot"), UserId("jen")
AUTHOR = Author(BOT, UserId(""), is_person=False)
THEN = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
A = LogPath("a.md")
ONE, TWO = Digest("1" * 64), Digest("2" * 64)


def row(
    path: str = A, digest: Digest = ONE, *, page: str = "p", by: UserId = BOT, minutes: int = 0
) -> PageRow:
    """Return the row of a page; `minutes` is its age and its last edit."""
    return PageRow(
        page_id=PageId(page),
        key=Key(path) if path else None,
        content_hash=digest,
        title="",
        created_time=THEN + timedelta(minutes=minutes),
        last_edited_time=THEN + timedelta(minutes=minutes),
        created_by=BOT,
        last_edited_by=by,
        in_trash=False,
        url=f"https://notion.test/{page}",
    )


def record(
    path: LogPath = A,
    page: str | None = "p",
    *,
    standing: Standing = Standing.TRACKED,
    looked_at: datetime | None = None,
    edited: bool = False,
    content_hash: Digest | None = ONE,
) -> PageRecord:
    """Return what the state remembers of a log in step."""
    known = Absent() if page is None else Synced(PageId(page), None, None)
    return PageRecord(
        path=path,
        page=known,
        content_hash=content_hash,
        standing=standing,
        since=THEN,
        synced_at=THEN,
        looked_at=looked_at,
        edited=edited,
    )


def found(
    files: dict[LogPath, Digest],
    rows: list[PageRow],
    *records: PageRecord,
    host: str = "",
    author: Author = AUTHOR,
    restore_trashed: bool = False,
) -> dict[str, list[LogPath]]:
    """Return the lists that are not empty."""
    known = {each.path: each for each in records}
    findings = compare(files, rows, known, host=host, author=author, restore_trashed=restore_trashed)
    assert findings.in_step == (not findings.paths)
    return {kind: paths for kind, paths in findings.as_json().items() if paths}


@pytest.mark.parametrize(
    ("files", "rows", "records", "expected"),
    [
        pytest.param({A: ONE}, [row()], [record()], {}, id="in step"),
        pytest.param({A: ONE}, [row()], [], {}, id="in step without a state"),
        pytest.param({}, [], [], {}, id="nothing at all"),
        pytest.param({A: ONE}, [], [], {"missing": [A]}, id="never made"),
        pytest.param({A: ONE}, [], [record()], {"missing": [A]}, id="the page is gone"),
        pytest.param({A: TWO}, [row()], [record()], {"stale": [A]}, id="the file has changed"),
        pytest.param({A: ONE}, [row(digest=Digest(""))], [record()], {"stale": [A]}, id="half written"),
        pytest.param(
            {A: ONE}, [row()], [record(content_hash=None)], {"stale": [A]}, id="its hash came with the create"
        ),
        pytest.param({A: ONE}, [row(by=JEN)], [record()], {"edited": [A]}, id="another was last"),
        pytest.param({A: ONE}, [row(by=JEN)], [], {"edited": [A]}, id="another was last, no state"),
        pytest.param(
            {A: ONE}, [row(by=JEN)], [record(looked_at=THEN + timedelta(minutes=1))], {}, id="looked at since"
        ),
        pytest.param(
            {A: ONE},
            [row(by=JEN)],
            [record(looked_at=THEN + timedelta(seconds=59))],
            {"edited": [A]},
            id="looked at in the same minute",
        ),
        pytest.param({A: ONE}, [row()], [record(edited=True)], {"edited": [A]}, id="an edit that stays"),
        pytest.param({A: ONE}, [row("elsewhere.md")], [record()], {"edited": [A]}, id="another key"),
        pytest.param({A: ONE}, [row("")], [record()], {"edited": [A]}, id="no key"),
        pytest.param({A: ONE}, [row(), row(page="q")], [record()], {"duplicate": [A]}, id="a copy"),
        pytest.param({}, [row()], [record()], {"orphaned": [A]}, id="the file is gone"),
        pytest.param(
            {}, [row()], [record(standing=Standing.DEPARTED)], {}, id="it is to stay without a file"
        ),
        pytest.param({}, [row("host:a.md")], [], {}, id="another machine's"),
        pytest.param(
            {}, [row("host:a.md")], [record(LogPath("host:a.md"))], {"orphaned": ["host:a.md"]}, id="ours"
        ),
        pytest.param({}, [row("")], [], {}, id="a row of Jen's own"),
        pytest.param(
            {A: TWO}, [row()], [record(standing=Standing.QUARANTINED)], {"quarantined": [A]}, id="set aside"
        ),
        pytest.param({A: TWO}, [], [record(standing=Standing.TRASHED)], {}, id="trashed by Jen"),
        pytest.param(
            {A: TWO},
            [replace(row(page="q", by=JEN), created_by=JEN)],
            [record(standing=Standing.TRASHED)],
            {},
            id="trashed by Jen, who keeps a copy",
        ),
        pytest.param(
            {A: TWO},
            [row(page="q")],
            [record(standing=Standing.TRASHED)],
            {"stale": [A]},
            id="trashed by Jen, and there is another of ours",
        ),
        pytest.param(
            {A: TWO}, [row()], [record(standing=Standing.TRASHED)], {"stale": [A]}, id="fetched back by Jen"
        ),
    ],
)
def test_each_difference_has_its_name(
    files: dict[LogPath, Digest],
    rows: list[PageRow],
    records: list[PageRecord],
    expected: dict[str, list[LogPath]],
) -> None:
    """A log is in exactly the lists that say what is wrong with it."""
    assert found(files, rows, *records) == expected


def test_only_pages_of_our_host_are_ours() -> None:
    """With a prefix, another machine's pages and those without one are nobody's orphans."""
    rows = [row("mine:a.md"), row("other:b.md", page="q"), row("c.md", page="r")]
    assert found({}, rows, host="mine") == {"orphaned": [A]}
    assert found({A: ONE}, rows, host="mine") == {}


def test_under_her_own_token_only_later_edits_tell() -> None:
    """Her edits and ours bear one name."""
    person = Author(BOT, UserId(""), is_person=True)
    assert found({A: ONE}, [row()], record(), author=person) == {}
    assert found({A: ONE}, [row(minutes=1)], record(), author=person) == {"edited": [A]}


@given(st.permutations([row(page="q", minutes=3), row(page="p", minutes=1), row(page="r", minutes=1)]))
def test_the_oldest_page_comes_first(rows: list[PageRow]) -> None:
    """Of several pages the oldest is kept; of those of one minute the one that we know."""
    findings = compare({A: ONE}, rows, {A: record(page="r")}, host="", author=AUTHOR, restore_trashed=False)
    assert [each.page_id for each in findings.pages[A]] == ["r", "p", "q"]


@given(
    files=st.dictionaries(st.sampled_from("abcdef"), st.sampled_from([ONE, TWO])),
    rows=st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from([ONE, TWO])), max_size=8),
    host=st.sampled_from(["", "mine"]),
)
def test_in_step_means_one_page_each(
    files: dict[str, Digest], rows: list[tuple[str, Digest]], host: str
) -> None:
    """Nothing is found exactly when the pages are, one for one, those that the files should have."""
    logs = {LogPath(name): digest for name, digest in files.items()}
    pages = [row(key_of(host, LogPath(name)), digest, page=str(n)) for n, (name, digest) in enumerate(rows)]
    findings: Findings = compare(logs, pages, {}, host=host, author=AUTHOR, restore_trashed=False)
    assert findings.in_step == (sorted(logs.items()) == sorted(rows))


@pytest.mark.parametrize(("restore", "expected"), [(False, {}), (True, {"missing": [A]})])
def test_a_page_in_the_trash_is_missing_only_where_it_is_to_come_back(
    restore: bool, expected: dict[str, list[LogPath]]
) -> None:
    """Under respect her wish is no difference; under restore it is one, so that a repair mends it."""
    trashed = record(standing=Standing.TRASHED)
    assert found({A: ONE}, [], trashed, restore_trashed=restore) == expected

"""A log too long for a page: its head, its tail, and a note of what is missing between them."""

import re
from collections.abc import Iterator
from datetime import UTC

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sync.names import Digest, Key, LogPath
from sync.page.batches import count_blocks
from sync.page.blocks import (
    Attachment,
    Block,
    Bullet,
    Callout,
    Code,
    Paragraph,
    Run,
    Table,
    TableRow,
    children,
)
from sync.page.density import fences, opening_signs
from sync.page.from_content import page_from_content
from sync.page.oversize import MAX_BLOCKS, MAX_SOURCE, Gap, abridged, excerpt, fence_after
from sync.page.withheld import Whole, withhold
from sync.page.words import block_words

WORDY = "Line {} of a long log, with so many words in it that a page holds less than it could of them."
NOTE = "not shown here. The end of this page says where they are."


def of(content: bytes, gap: Gap | None = None) -> Whole:
    """Return the page of a log."""
    return page_from_content(
        content,
        gap,
        path=LogPath("a.md"),
        key=Key("a.md"),
        content_hash=Digest("ab" * 32),
        zone=UTC,
        redacted={},
    )


def numbered(total: int, line: str = "Line {} of a long log, with some words.") -> bytes:
    """Return a log of that many paragraphs."""
    return "".join(f"{line.format(number)}\n\n" for number in range(total)).encode()


def notes(blocks: tuple[Block, ...]) -> list[Block]:
    """Return the notes of what is not shown."""
    return [block for block in blocks if isinstance(block, Callout) and NOTE in block_words(block)]


def test_a_log_of_common_size_is_whole() -> None:
    """Up to the limits nothing is left out and nothing is added."""
    content = numbered(MAX_BLOCKS)
    assert len(content) < MAX_SOURCE
    page = of(content)
    assert excerpt(content, None) is None
    assert not page.abridged
    assert len(page.draft.body) == MAX_BLOCKS
    assert withhold(page, frozenset()) == page.draft


def test_a_long_text_shows_its_head_and_its_tail() -> None:
    """First and last line are there, the note counts the lines between, the whole is attached."""
    content = b"# Execution Log: X-1\n\n" + numbered(30_000, WORDY) + b"## Outcome\n\nSuccess\n"
    page = of(content)
    shown = [block_words(block) for block in page.draft.body]
    (note,) = notes(page.draft.body)
    at = page.draft.body.index(note)
    assert "X-1" in shown[0]
    assert shown[-1] == "Success"
    first, last = shown[at - 1], shown[at + 1]
    left_out = 2 * (int(last.split()[1]) - int(first.split()[1]) - 1)
    assert f"{left_out:,} lines" in block_words(note)
    assert page.draft.icon == "✅"
    *_, notice, file = withhold(page, frozenset()).body
    assert "the log is too long for a page" in block_words(notice)
    assert isinstance(file, Attachment)
    sizes = [len(text) for text in shown]
    assert 2 * sum(sizes[at:]) < sum(sizes[:at]) < 4 * sum(sizes[at:])


def test_warnings_name_the_lines_of_the_file() -> None:
    """What stands in the tail is counted as in the file, not as in the excerpt."""
    content = b"# Execution Log: X-1\n\n" + numbered(20_000) + b"## Outcome\n\nOdd outcome\n"
    line = content.count(b"\n")
    part = excerpt(content, None)
    assert part is not None
    lines = [number + part.shift for number in range(part.tail_line, part.content.count(b"\n") + 1)]
    assert lines[-1] == line
    assert part.content.split(b"\n")[line - 1 - part.shift] == b"Odd outcome"


@pytest.mark.parametrize("fence", ["```", "~~~~", "```bash"])
def test_a_fence_that_is_cut_stays_a_fence(fence: str) -> None:
    """Code before and behind the gap is shown as code, the note between them as a note."""
    content = (
        f"# Log\n\n{fence}\n".encode()
        + b"some output\n" * 100_000
        + fence[:4].strip("b").encode()
        + b"\n\nEnd.\n"
    )
    page = of(content)
    assert len(notes(page.draft.body)) == 1
    assert block_words(page.draft.body[-1]) == "End."
    inside = [block for block in page.draft.body if "some output" in block_words(block)]
    assert all(isinstance(block, Code) for block in inside)
    assert len(inside) > 2


def test_one_endless_line_is_cut_between_two_characters() -> None:
    """Without any line end the two ends are still whole characters, and the size is told."""
    page = of("äöü€😀".encode() * 100_000)
    assert "�" not in "".join(block_words(block) for block in page.draft.body)
    (note,) = notes(page.draft.body)
    assert "1.2 MB of this log" in block_words(note)


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-be", "utf-32", "utf-8-sig"])
def test_other_encodings_are_cut_too(codec: str) -> None:
    """A long log in another encoding shows its first and its last words."""
    content = "".join(f"Line {number} ä\n\n" for number in range(60_000)).encode(codec)
    page = of(content)
    assert block_words(page.draft.body[0]) == "Line 0 ä"
    assert block_words(page.draft.body[-1]) == "Line 59999 ä"
    assert "�" not in "".join(block_words(block) for block in page.draft.body)
    assert len(notes(page.draft.body)) == 1


@given(st.binary(max_size=200), st.integers(MAX_SOURCE, MAX_SOURCE + 50))
@example(b"\n", MAX_SOURCE + 1)
@example(b"\xff\xfe", MAX_SOURCE + 1)
@example(b"---\nx\n", MAX_SOURCE + 1)
def test_any_bytes_can_be_cut(piece: bytes, size: int) -> None:
    """Whatever a long file holds, an excerpt of bounded size comes out, its note in it."""
    content = (piece or b"x") * (size // len(piece or b"x") + 1)
    part = excerpt(content, None)
    assert part is not None
    assert len(part.content) < 250_000
    assert part.note.encode() in part.content


LINES = st.lists(
    st.sampled_from(["```", "````", "~~~", "```sh", " ```", "text", "`` x", "    ```", "", "\r"])
)


@given(LINES)
def test_every_fence_is_found(lines: list[str]) -> None:
    """Passing over all that begins no line finds what a look at each line does."""
    text = "\n".join(lines).encode()
    assert list(fences(text, b"")) == list(fences_line_by_line(text))


def fences_line_by_line(text: bytes) -> Iterator[tuple[int, bytes]]:
    """Follow the fences through a text by looking at each line."""
    opened, begin = b"", 0
    for line in text.split(b"\n"):
        mark = re.match(rb" {0,3}(`{3,}|~{3,})(.*)", line, re.DOTALL)
        rest = mark[2].strip() if mark else b""
        if mark and not opened and not (mark[1][:1] == b"`" and b"`" in rest):
            opened = mark[1] + rest
            yield begin, opened
        elif mark and opened and not rest and mark[1].startswith(opening_signs(opened)):
            opened = b""
            yield begin + len(line), opened
        begin += len(line) + 1


@given(LINES)
def test_fences_can_be_followed_piece_by_piece(lines: list[str]) -> None:
    """The state behind some lines and then some more is that behind all of them."""
    for cut in range(len(lines) + 1):
        above, below = ("".join(f"{line}\n" for line in part).encode() for part in (lines[:cut], lines[cut:]))
        assert fence_after(below, fence_after(above, b"")) == fence_after(above + below, b"")


def test_too_many_blocks_show_head_and_tail() -> None:
    """Three quarters are from the beginning, one from the end; the note counts the rest."""
    body = tuple(Paragraph((Run(str(number)),)) for number in range(10_000))
    short = abridged(body)
    head, tail = MAX_BLOCKS * 3 // 4, MAX_BLOCKS // 4
    assert short[:head] == body[:head]
    assert short[-tail:] == body[-tail:]
    assert block_words(short[head]).startswith(
        "8,000 paragraphs, list items and rows of this log are not shown"
    )
    assert len(short) == head + 1 + tail


@pytest.mark.parametrize(
    "giant",
    [
        Table(1, tuple(TableRow(((Run(str(number)),),)) for number in range(9_000))),
        Bullet((Run("top"),), tuple(Bullet((Run(str(number)),)) for number in range(9_000))),
    ],
)
def test_one_giant_block_is_cut_inside(giant: Block) -> None:
    """Of a table or list that alone is too much the first and the last rows are shown, under its header."""
    last = Paragraph((Run("end"),))
    short = abridged((Paragraph((Run("start"),)), giant, last))
    assert sum(map(count_blocks, short)) <= MAX_BLOCKS + 1
    start, head, note, tail, end = short
    assert (block_words(start), block_words(end)) == ("start", "end")
    assert NOTE in block_words(note)
    assert children(head)[1] == children(giant)[1]
    assert children(tail)[-1] == children(giant)[-1]
    if isinstance(giant, Table):
        assert children(tail)[0] == children(giant)[0]


def test_text_and_blocks_may_both_be_too_much() -> None:
    """One note tells both amounts, and there are no more blocks than a page takes."""
    page = of(b"- - a\n" * 200_000)
    (note,) = notes(page.draft.body)
    assert " lines (1.2 MB) and " in block_words(note)
    assert sum(map(count_blocks, page.draft.body)) <= MAX_BLOCKS + 2


def test_a_file_of_which_only_the_ends_were_read_is_not_attached() -> None:
    """The page says where the log is; the lines that were never in memory are counted."""
    head, tail = numbered(8_000), numbered(8_000, "Tail {} of it, with some words.")
    gap = Gap(at=len(head), size=50_000_000, lines=1_000_000, fence=b"")
    page = of(head + tail, gap)
    (note,) = notes(page.draft.body)
    assert "1,0" in block_words(note)
    assert "50." in block_words(note)
    assert block_words(page.draft.body[-1]).startswith("Tail 7999")
    *_, notice = withhold(page, frozenset()).body
    assert "in the file a.md in the logs folder" in block_words(notice)

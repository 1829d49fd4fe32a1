"""Shorten a log that is too long for a page to its head and tail, with a visible note between them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sync.encoding import codec_of
from sync.page.batches import count_blocks, with_children
from sync.page.blocks import Block, Callout, Paragraph, Run, Table, children
from sync.page.density import fences, is_dense, opening_signs
from sync.page.ends import Room, head_of, in_utf8, tail_of
from sync.page.richtext import plain
from sync.tracelog.model import FormatWarning

MAX_SOURCE: Final = 512 * 1024
"""The largest log, in bytes, that is read whole: hundreds of times what one execution gives, and what a
thread parses in a second or two."""

MAX_BLOCKS: Final = 2_000
"""The most blocks on a page: twenty requests, a ninth of a minute's budget, and all a reader can take."""

_DENSE: Final = 3 * MAX_BLOCKS
"""The estimated number of blocks above which even a short log is read only at its ends."""

_HEAD: Final = Room(size=48 * 1024, lines=1_400)
_TAIL: Final = Room(size=16 * 1024, lines=450)
"""How much of a longer log is shown: more than anybody reads, and no more than a page can hold."""

_ICON: Final = "⚠️"
_MISSING: Final = " of this log are not shown here. The end of this page says where they are."


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What was left out of a content that holds only the two ends of a log.

    Attributes:
        at: Where in the content the second end begins, at the start of a line.
        size: The number of bytes that were left out.
        lines: The number of line ends in them.
        fence: The code fence that is open where the second end begins; empty if none is.
    """

    at: int
    size: int
    lines: int
    fence: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """The head and the tail of a log as one log.

    Attributes:
        note: The paragraph between them.
        content: The text of both, with the note between them.
        tail_line: The line of `content`, from 1, on which the tail begins.
        shift: How many lines later the tail is in the file.
    """

    content: bytes
    note: str
    tail_line: int
    shift: int


def excerpt(content: bytes, gap: Gap | None) -> Excerpt | None:
    """Return the head and tail of a log that is too long to be read whole; None if it is not.

    Args:
        content: The log, or its two ends.
        gap: What `content` lacks; None if it is the whole log.
    """
    codec = codec_of(content)
    if gap is None and len(content) <= MAX_SOURCE and not is_dense(in_utf8(content, codec), _DENSE):
        return None
    head = head_of(content, codec, _HEAD)
    tail = tail_of(content, codec, _TAIL, left_out=(gap.at, gap.size) if gap else (0, 0))
    closing = opening = b""
    dropped = len(content) + (gap.size if gap else 0) - head.size - tail.size
    missing = 0
    if codec is None:
        start = len(content) - tail.size
        within = fence_after(head.text, b"")
        closing = b"\n" + opening_signs(within) if within else b""
        known, since = (gap.fence, gap.at) if gap else (within, head.size)
        before = fence_after(content[since:start], known)
        opening = before + b"\n" if before else b""
        missing = content.count(b"\n", head.size, start) + (gap.lines if gap else 0)
    amount = f"{missing:,} lines ({_size(dropped)})" if missing else _size(dropped)
    note = f"{amount}{_MISSING}"
    above = b"".join((head.text, closing, b"\n\n", note.encode(), b"\n\n", opening))
    return Excerpt(
        content=above + tail.text,
        note=note,
        tail_line=above.count(b"\n") + 1,
        shift=head.text.count(b"\n") + missing - above.count(b"\n"),
    )


def fence_after(lines: bytes, before: bytes) -> bytes:
    """Return the line that opened the code fence which is open after these lines; empty if none is.

    Args:
        lines: Whole lines.
        before: The line that opened the fence which is open before them; empty if none is.
    """
    opened = before
    for _, opened in fences(lines, before):  # noqa: B007 - the last one counts
        pass
    return opened


def in_file(warnings: Sequence[FormatWarning], of: Excerpt) -> tuple[FormatWarning, ...]:
    """Return the warnings of an excerpt with their line numbers in the file."""
    return tuple(
        replace(each, line=each.line + of.shift) if each.line >= of.tail_line else each for each in warnings
    )


def boxed(body: Sequence[Block], note: str) -> tuple[Block, ...]:
    """Return the body with the note of an excerpt as a callout."""
    return tuple(
        Callout(block.text, _ICON) if isinstance(block, Paragraph) and plain(block.text) == note else block
        for block in body
    )


def abridged(body: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the head and tail of a body with too many blocks, and a callout between them.

    Blocks are kept whole while they fit; of one that is too large by itself, its first and last children are.
    """
    total = sum(map(count_blocks, body))
    if total <= MAX_BLOCKS:
        return body
    head = _first(body, MAX_BLOCKS * 3 // 4)
    tail = _last(body, MAX_BLOCKS // 4)
    missing = total - sum(map(count_blocks, (*head, *tail)))
    known = [_amount(block) for block in body[len(head) : len(body) - len(tail)]]
    amounts = [*(amount for amount in known if amount), f"{missing:,} paragraphs, list items and rows"]
    return (*head, Callout((Run(" and ".join(amounts) + _MISSING),), _ICON), *tail)


def _amount(block: Block) -> str:
    """Return the amount that an excerpt's note says is missing; empty for any other block."""
    text = plain(block.text) if isinstance(block, Callout) else ""
    return text.removesuffix(_MISSING) if text.endswith(_MISSING) else ""


def _first(blocks: Sequence[Block], room: int) -> tuple[Block, ...]:
    taken: list[Block] = []
    for block in blocks:
        size = count_blocks(block)
        if size > room:
            if children(block) and room > 1:
                taken.append(with_children(block, _first(children(block), room - 1)))
            break
        taken.append(block)
        room -= size
    return tuple(taken)


def _last(blocks: Sequence[Block], room: int) -> tuple[Block, ...]:
    taken: list[Block] = []
    for block in reversed(blocks):
        size = count_blocks(block)
        if size > room:
            above = block.rows[:1] if isinstance(block, Table) else ()
            if children(block) and room > 1 + len(above):
                below = _last(children(block), room - 1 - len(above))
                taken.append(with_children(block, (*above, *below)))
            break
        taken.append(block)
        room -= size
    return tuple(reversed(taken))


def _size(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB" if size >= 1_000_000 else f"{max(size // 1_000, 1):,} KB"  # noqa: PLR2004 - a MB

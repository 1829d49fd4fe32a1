"""A log too long for a page: its head and its tail, with a visible note of what is missing between them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sync.page.batches import count, with_children
from sync.page.blocks import Block, Callout, Paragraph, Run, Table, children
from sync.page.richtext import plain
from sync.tracelog.model import FormatWarning

MAX_SOURCE: Final = 512 * 1024
"""Bytes of a log that is read as a whole: several hundred times what a person writes of one execution,
and what a thread reads in a second or two."""

MAX_BLOCKS: Final = 2_000
"""Blocks on a page: twenty requests, a ninth of a minute's budget. Neither reader nor browser takes more."""

_HEAD: Final = 48 * 1024
_TAIL: Final = 16 * 1024
"""Bytes that are shown of a longer log: a thousand lines, more than anybody reads through, parsed at once."""

_ICON: Final = "⚠️"
_MISSING: Final = " of this log are not shown here. The end of this page says where they are."
_FENCE: Final = re.compile(rb"^ {0,3}(`{3,}|~{3,})([^\n]*)", re.MULTILINE)
_MARKS: Final = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_UNITS: Final = 4
"""Bytes of the widest code unit: a cut at a multiple of it is a cut between two characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What was left out of a content that holds only the two ends of a log.

    Attributes:
        at: Where in the content the second end begins, at the start of a line.
        size: How many bytes were left out.
        lines: How many line ends are in them.
        fence: The fence of code that is open where the second end begins; empty when none is.
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
        tail_line: The line of `content`, from 1, on which the tail begins.
        shift: How many lines later that is in the file.
    """

    content: bytes
    note: str
    tail_line: int
    shift: int


def excerpt(content: bytes, gap: Gap | None) -> Excerpt | None:
    """Return the head and the tail of a log that is too long to be read whole; None when it is not.

    Args:
        content: The log, or its two ends.
        gap: What is missing in `content`; None: nothing.
    """
    if gap is None and len(content) <= MAX_SOURCE:
        return None
    codec = next((codec for mark, codec in _MARKS if content.startswith(mark)), None)
    head = _head(content[:_HEAD], codec)
    tail = _tail(_aligned_tail(content, gap), codec)
    closing = opening = b""
    dropped = (
        len(content) + (gap.size if gap else 0) - (len(head) + len(tail) if codec is None else _HEAD + _TAIL)
    )
    if codec is None:
        start = len(content) - len(tail)
        within = fence_after(head, b"")
        closing = b"\n" + _run(within) if within else b""
        known, since = (gap.fence, gap.at) if gap else (within, len(head))
        before = fence_after(content[since:start], known)
        opening = before + b"\n" if before else b""
        missing = content.count(b"\n", len(head), start) + (gap.lines if gap else 0)
    else:
        missing = 0
    amount = f"{missing:,} lines ({_size(dropped)})" if missing else _size(dropped)
    note = f"{amount}{_MISSING}"
    above = b"".join((head, closing, b"\n\n", note.encode(), b"\n\n", opening))
    return Excerpt(
        content=above + tail,
        note=note,
        tail_line=above.count(b"\n") + 1,
        shift=head.count(b"\n") + missing - above.count(b"\n"),
    )


def fence_after(lines: bytes, before: bytes) -> bytes:
    """Return the line that opened the fence of code which is open behind whole lines; empty when none is.

    Args:
        lines: The lines.
        before: What is open in front of them.
    """
    opened = before
    for match in _FENCE.finditer(lines):
        run, rest = match[1], match[2].strip()
        if not opened:
            opened = b"" if run[:1] == b"`" and b"`" in rest else run + rest[:80]
        elif not rest and run.startswith(_run(opened)):
            opened = b""
    return opened


def in_file(warnings: Sequence[FormatWarning], of: Excerpt) -> tuple[FormatWarning, ...]:
    """Return the warnings of an excerpt with the lines that they are on in the file."""
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
    """Return the head and the tail of a body that has too many blocks, a callout between them.

    Whole blocks, as long as they fit; of one that alone is too much, the first and the last below it.
    """
    total = sum(map(count, body))
    if total <= MAX_BLOCKS:
        return body
    head = _first(body, MAX_BLOCKS * 3 // 4)
    tail = _last(body, MAX_BLOCKS // 4)
    missing = total - sum(map(count, (*head, *tail)))
    known = [_amount(block) for block in body[len(head) : len(body) - len(tail)]]
    amounts = [*(amount for amount in known if amount), f"{missing:,} paragraphs, list items and rows"]
    return (*head, Callout((Run(" and ".join(amounts) + _MISSING),), _ICON), *tail)


def _amount(block: Block) -> str:
    """Return how much an excerpt's note says is missing; empty for any other block."""
    text = plain(block.text) if isinstance(block, Callout) else ""
    return text.removesuffix(_MISSING) if text.endswith(_MISSING) else ""


def _first(blocks: Sequence[Block], room: int) -> tuple[Block, ...]:
    taken: list[Block] = []
    for block in blocks:
        size = count(block)
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
        size = count(block)
        if size > room:
            above = block.rows[:1] if isinstance(block, Table) else ()
            if children(block) and room > 1 + len(above):
                below = _last(children(block), room - 1 - len(above))
                taken.append(with_children(block, (*above, *below)))
            break
        taken.append(block)
        room -= size
    return tuple(reversed(taken))


def _head(window: bytes, codec: str | None) -> bytes:
    if codec is not None:
        return window.decode(codec, errors="ignore").encode("utf-8", "replace")
    paragraph = window.rfind(b"\n\n", len(window) * 3 // 4)
    end = paragraph + 2 if paragraph > 0 else window.rfind(b"\n") + 1
    if end > 0:
        return window[:end]
    return window[: len(window) - _torn(window)]


def _tail(window: bytes, codec: str | None) -> bytes:
    if codec is not None:
        return window.decode(codec, errors="ignore").encode("utf-8", "replace")
    paragraph = window.find(b"\n\n", 0, len(window) // 4)
    begin = paragraph + 2 if paragraph >= 0 else window.find(b"\n") + 1
    if 0 < begin < len(window):
        return window[begin:]
    return window.lstrip(bytes(range(0x80, 0xC0)))


def _aligned_tail(content: bytes, gap: Gap | None) -> bytes:
    start = len(content) - _TAIL
    missing = gap.size if gap and start >= gap.at else 0
    return content[start + -(start + missing) % _UNITS :]


def _torn(window: bytes) -> int:
    """Count the bytes of a character that the end of a window has cut in two."""
    for length in range(1, 4):
        lead = window[-length]
        if lead >= 0xC0:  # noqa: PLR2004 - the lead byte of a character in UTF-8
            return length if length < 2 + (lead >= 0xE0) + (lead >= 0xF0) else 0  # noqa: PLR2004 - same
        if lead < 0x80:  # noqa: PLR2004 - ASCII
            return 0
    return 0


def _run(fence: bytes) -> bytes:
    return fence[: len(fence) - len(fence.lstrip(fence[:1]))]


def _size(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB" if size >= 1_000_000 else f"{max(size // 1_000, 1):,} KB"  # noqa: PLR2004 - a MB

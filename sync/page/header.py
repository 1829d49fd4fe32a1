"""A log's own header on its page: the title and the field lines, as written."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from sync.page.blocks import RichText
from sync.page.richtext import joined, lines


def parted_header(
    text: RichText, span: Sequence[int], header_lines: AbstractSet[int]
) -> tuple[tuple[RichText, ...], RichText]:
    """Part a paragraph into the rows that belong to the header and the text that does not.

    Args:
        text: The paragraph.
        span: The lines of the log that it stands on.
        header_lines: The lines of the header.
    """
    if header_lines.isdisjoint(span):
        return (), text
    own = [line in header_lines for line in span]
    rows = lines(text)
    if all(own) or len(rows) != len(own):
        return rows, ()
    ours = tuple(row for row, mine in zip(rows, own, strict=True) if mine)
    rest = (row for row, mine in zip(rows, own, strict=True) if not mine)
    return ours, joined(rest, "\n")

"""Notion's limits, and cutting text to them without losing or breaking a character.

Sizes of text are UTF-16 code units, as Notion counts: a character outside the BMP is two.
"""

from collections.abc import Iterator
from typing import Final
from unicodedata import category

MAX_TEXT: Final = 2_000
"""Units of one `text.content`. Source: Notion API, request limits."""

MAX_URL: Final = 2_000
"""Units of one link target. Source: Notion API, request limits."""

MAX_ITEMS: Final = 100
"""Elements of any array of blocks, rich text items or options. Source: Notion API, request limits."""

MAX_BLOCKS_PER_REQUEST: Final = 1_000
"""Blocks in one request, at all levels. Source: Notion API, request limits."""

MAX_BODY_BYTES: Final = 500_000
"""Bytes of one request. Source: Notion API, request limits: 500 KB."""

MAX_NESTING: Final = 2
"""Levels below a block that travel with it in one request. Source: Notion API, append block children."""

MAX_BLOCK_TEXT: Final = 8_000
"""Units of all the text of one block. No printed limit; above it users saw updates end in 504."""

MAX_COLUMNS: Final = 100
"""Cells of a table row: `cells` is an array of rich text arrays, see MAX_ITEMS."""

MAX_OPTION: Final = 100
"""Characters of an option's name. Not printed; commonly reported."""

_LONGEST_CLUSTER: Final = 32
_JOINER: Final = "\u200d"


def utf16_length(text: str) -> int:
    """Count the UTF-16 code units of a text."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def fitting(text: str, units: int) -> int:
    """Return how many characters from the start fit into this many units, cutting no character in two.

    What a reader sees as one character, such as a letter with its accents or a composed emoji,
    stays whole unless it is longer than any that people write.
    """
    length = min(len(text), units)
    if text.isascii():
        return length
    excess = utf16_length(text[:length]) - units
    while excess > 0:
        length -= 1
        excess -= utf16_length(text[length])
    return _boundary(text, length)


def split_text(text: str, units: int) -> Iterator[str]:
    """Cut a text into pieces that fit; joined they are the text again."""
    start = 0
    while start < len(text):
        window = text[start : start + units + _LONGEST_CLUSTER]
        length = max(fitting(window, units), 1)
        yield window[:length]
        start += length


def shortened(text: str, units: int) -> str:
    """Return the text when it fits; else as many whole words as fit, and an ellipsis."""
    if utf16_length(text) <= units:
        return text
    head = text[: fitting(text, units - 1)]
    if not text[len(head)].isspace():
        words = head.rstrip().rpartition(" ")[0]
        head = words if len(words) > len(head) // 2 else head
    return f"{head.rstrip()}…"


def _boundary(text: str, at: int) -> int:
    for cut in range(at, max(at - _LONGEST_CLUSTER, 0), -1):
        if cut == len(text) or not _joined(text, cut):
            return cut
    return at


def _joined(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if after.isascii():
        return False
    return (
        category(after).startswith("M")
        or _JOINER in {before, after}
        or _is_skin_tone(after)
        or (_is_flag_half(after) and _flag_halves_before(text, at) % 2 == 1)
    )


def _is_skin_tone(char: str) -> bool:
    return "\U0001f3fb" <= char <= "\U0001f3ff"


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_halves_before(text: str, at: int) -> int:
    start = at
    while start > 0 and _is_flag_half(text[start - 1]):
        start -= 1
    return at - start

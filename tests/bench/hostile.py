"""Files that nobody would write and any program may meet: made by number, always the same.

Each holds words of its own, which must be on its page wherever they are of a kind that is shown.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from hostile_markup import (
    backtracking,
    deep,
    deep_by_indent,
    definitions,
    fields,
    front_matter,
    html,
    huge_info,
    huge_title,
    huge_tools,
    links,
    markup,
    sections,
    table,
    triggers,
    unclosed_fence,
)
from hostile_texts import (
    empty,
    encodings,
    every_byte,
    line_ends,
    many_lines,
    marks,
    nuls,
    one_line,
    random_bytes,
    scripts,
    surrogates,
)
from hostile_writer import MEGA, Writer

COUNT: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostile:
    """A file that means no good.

    Attributes:
        name: Which kind of trouble it is.
        content: Its bytes.
        size: How long it is; more than its content makes the rest of it zeros.
        words: What its page must show, as far as it is long enough.
    """

    name: str
    content: bytes
    size: int
    words: Sequence[str]


_Kind = Callable[[Writer], str | bytes]

_KINDS: Final[tuple[_Kind, ...]] = (
    *(
        markup,
        markup,
        sections,
        deep,
        deep_by_indent,
        unclosed_fence,
        backtracking,
        backtracking,
        triggers,
    ),
    *(
        one_line,
        many_lines,
        table,
        links,
        front_matter,
        every_byte,
        random_bytes,
        encodings,
        surrogates,
    ),
    *(
        nuls,
        scripts,
        marks,
        line_ends,
        definitions,
        html,
        fields,
        huge_info,
        huge_title,
        huge_tools,
        empty,
    ),
)
_UNREADABLE: Final = frozenset((random_bytes, encodings))
"""What may come out of them is no promise: half a character, or an encoding that nothing names."""

_SPARSE: Final = 50 * MEGA
_ONE_IN: Final = 500


def hostile(number: int) -> Hostile:
    """Return a file; those of numbers up to COUNT cover every kind of trouble many times."""
    kind = _KINDS[number % len(_KINDS)]
    writer = Writer(number)
    made = kind(writer)
    content = made if isinstance(made, bytes) else made.encode("utf-8", "surrogatepass")
    return Hostile(
        name=kind.__name__.replace("_", " "),
        content=content,
        size=_SPARSE if number % _ONE_IN == _ONE_IN - 1 else len(content),
        words=() if kind in _UNREADABLE else tuple(writer.words),
    )


def all_of(numbers: range) -> Iterator[Hostile]:
    """Return the files of these numbers."""
    return map(hostile, numbers)

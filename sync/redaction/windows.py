"""A long text in windows that overlap, so that no single search through it takes long."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_CORE: Final = 2 * 1024 * 1024
_MARGIN: Final = 80 * 1024
"""Characters: more than the longest private key, and so than any rule looks at from where it finds."""


@dataclass(frozen=True, slots=True)
class TextWindow:
    """A part of a text with what stands around it.

    Attributes:
        text: The part, with a margin before and behind it.
        at: Where that begins in the whole text.
        core: From where to where, in the whole text, this window is to find: all of it without the margins.
    """

    text: str = field(repr=False)
    at: int
    core: range


def windows(text: str) -> Iterator[TextWindow]:
    """Cut a text into windows whose cores join without a gap; a text that is not long is one."""
    if len(text) <= _CORE + 2 * _MARGIN:
        yield TextWindow(text, 0, range(len(text)))
        return
    for start in range(0, len(text), _CORE):
        at = max(start - _MARGIN, 0)
        yield TextWindow(text[at : start + _CORE + _MARGIN], at, range(start, start + _CORE))

"""A text as it means to be read: escapes undone, and the way back to the text as written."""

import html
import re
from bisect import bisect_right
from dataclasses import dataclass, field

from sync.redaction.finding import Finding, Span

_UNSEEN = (
    r"\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
)
"""Signs that nobody sees, or that only turn others around: whoever copies the text may well lose them."""

_ESCAPE = re.compile(
    # One set of signs at the very beginning: the search then passes over all other text at once.
    rf"""[\\%&\x1b{_UNSEEN}](?:"""
    r"""(?<=\\)\\{0,3}(?:u(?!00[01]|[dD][89a-fA-F])(?P<unicode>[0-9A-Fa-f]{4})|(?P<control>[nrt])|(?P<mark>[!-/:-@\[\]-`{-~]))"""
    r"""|(?<=%)(?P<percent>[2-7][0-9A-Fa-f]|0[AaDd9])"""
    r"""|(?<=&)(?P<entity>(?:amp|quot|apos|lt|gt|equals|colon|commat|\#[0-9]{2,3}|\#[xX][0-9A-Fa-f]{2});)"""
    rf"""|(?<=\x1b)(?P<colour>\[[0-9;]{{0,20}}m)|(?<=[{_UNSEEN}])(?P<unseen>[{_UNSEEN}]*+))"""
)
_BEYOND = 1 << 62
_CONTROL = {"n": "\n", "r": "\n", "t": "\t"}


@dataclass(frozen=True, slots=True)
class View:
    """A text without its escapes.

    Attributes:
        text: To be searched.
        places: Where each piece begins: here, as written, and how long it is as written; a piece is either
            one character that was escaped or a run of characters that were not.
    """

    text: str
    places: tuple[tuple[int, int, int], ...] = field(repr=False)

    def as_written(self, finding: Finding) -> Finding:
        """Return where a finding in this view stands in the text as written."""
        return Finding(finding.rule, tuple(self._span(span) for span in finding.spans))

    def _span(self, span: Span) -> Span:
        start, end = span
        return self._place(start)[0], self._place(end - 1)[1]

    def _place(self, at: int) -> Span:
        """Return the span, as written, of one character of the view."""
        here, written, length = self.places[bisect_right(self.places, (at, _BEYOND, 0)) - 1]
        width = self._width(here)
        return (written, written + length) if width == 1 else (written + at - here, written + at - here + 1)

    def _width(self, here: int) -> int:
        following = bisect_right(self.places, (here, _BEYOND, 0))
        return (self.places[following][0] if following < len(self.places) else len(self.text)) - here


def unescaped(text: str) -> View | None:
    """Undo the escapes of markdown, JSON, URLs, HTML and terminals; None when there are none."""
    parts: list[str] = []
    places: list[tuple[int, int, int]] = []
    meanings: dict[str, str] = {}
    here = done = 0
    for escape in _ESCAPE.finditer(text):
        start, end = escape.span()
        if done < start:
            parts.append(text[done:start])
            places.append((here, done, start - done))
            here += start - done
        done = end
        written = escape[0]
        if (char := meanings.get(written)) is None:
            char = meanings[written] = _meaning(escape)
        if char:
            parts.append(char)
            places.append((here, start, end - start))
            here += len(char)
    if done == 0:
        return None
    if done < len(text):
        parts.append(text[done:])
        places.append((here, done, len(text) - done))
    return View("".join(parts), tuple(places))


def _meaning(escape: re.Match[str]) -> str:
    kind = escape.lastgroup or ""
    written = escape[kind]
    match kind:
        case "unicode" | "percent":
            char = chr(int(written, 16))
            return "\n" if char == "\r" else char
        case "control":
            return _CONTROL[written]
        case "mark":
            return written
        case "entity":
            return html.unescape(f"&{written}")
        case _:
            return ""

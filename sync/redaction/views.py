"""A text as it means to be read: escapes undone, and the way back to the text as written."""

import html
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from sync.redaction.finding import SecretFinding, Span

_UNSEEN = (
    r"\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
)
"""Signs that nobody sees, or that only turn others around: whoever copies the text may well lose them."""

_ESCAPE = (
    # One set of signs at the very beginning: the search then passes over all other text at once.
    rf"""[\\%&\x1b{_UNSEEN}](?:"""
    r"""(?<=\\)\\{0,3}(?:u(?!00[01]|[dD][89a-fA-F])(?P<unicode>[0-9A-Fa-f]{4})|(?P<control>[nrt])|(?P<mark>[!-/:-@\[\]-`{-~]))"""
    r"""|(?<=%)(?P<percent>[2-7][0-9A-Fa-f]|0[AaDd9])"""
    r"""|(?<=&)(?P<entity>(?:amp|quot|apos|lt|gt|equals|colon|commat|\#[0-9]{2,3}|\#[xX][0-9A-Fa-f]{2});)"""
    rf"""|(?<=\x1b)(?P<colour>\[[0-9;]{{0,20}}m)|(?<=[{_UNSEEN}])(?P<unseen>[{_UNSEEN}]*+))"""
)
_PARTS = re.compile(_ESCAPE)
_WHOLE = re.compile(f"({re.sub(r'[(][?]P<[a-z]+>', '(?:', _ESCAPE)})")
"""One group, so that a text is parted at its escapes in one step."""

_CONTROL = {"n": "\n", "r": "\n", "t": "\t"}


@dataclass(frozen=True)
class UnescapedText:
    """A text without its escapes.

    Attributes:
        written: Its pieces as written: in turns what is no escape, perhaps empty, and an escape.
        meant: The same pieces without the escapes.
    """

    written: Sequence[str] = field(repr=False)
    meant: Sequence[str] = field(repr=False)

    @cached_property
    def text(self) -> str:
        """The text to be searched."""
        return "".join(self.meant)

    def as_written(self, finding: SecretFinding) -> SecretFinding:
        """Return where a finding in this view stands in the text as written."""
        return SecretFinding(finding.rule, tuple(self._span(span) for span in finding.spans))

    def _span(self, span: Span) -> Span:
        start, end = span
        return self._place(start)[0], self._place(end - 1)[1]

    def _place(self, at: int) -> Span:
        """Return the span, as written, of one character of the view."""
        here, there = self._starts
        piece = bisect_right(here, at) - 1
        if piece % 2:
            return there[piece], there[piece + 1]
        written = there[piece] + at - here[piece]
        return written, written + 1

    @cached_property
    def _starts(self) -> tuple[Sequence[int], Sequence[int]]:
        """Where each piece starts, and the last ends: here, and as written."""
        return _starts(self.meant), _starts(self.written)


def _starts(pieces: Sequence[str]) -> Sequence[int]:
    return tuple(accumulate(map(len, pieces), initial=0))


def unescaped(text: str) -> UnescapedText | None:
    """Undo the escapes of markdown, JSON, URLs, HTML and terminals; None when there are none."""
    written = _WHOLE.split(text)
    if len(written) == 1:
        return None
    escapes = written[1::2]
    meanings = {escape: _meaning(escape) for escape in set(escapes)}
    meant = written.copy()
    meant[1::2] = map(meanings.__getitem__, escapes)
    return UnescapedText(written, meant)


def _meaning(escape: str) -> str:
    parts = _PARTS.fullmatch(escape)
    kind = parts.lastgroup if parts else None
    written = parts[kind] if parts and kind else ""
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

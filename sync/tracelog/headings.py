"""Find the headings that structure a log: those at the top level of the document."""

from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from sync.tracelog.model import SectionName
from sync.tracelog.words import inline_text

_SHORTEST_UNDERLINE = 4
_NAMES = {name.casefold(): name for name in SectionName}


@dataclass(frozen=True, slots=True)
class MarkdownHeading:
    """A heading outside of lists and quotes.

    Attributes:
        level: Its level, from 1.
        text: Its text without markup, on one line.
        lines: Its 0-based lines, including an underline.
        token: The index of its first token; its text and its end follow.
        by_separator: Whether it may be meant as a text with a separator `---` right below it.
        name: The section of the spec with this name; None if there is none.
    """

    level: int
    text: str
    lines: range
    token: int
    by_separator: bool
    name: SectionName | None


def section_name(text: str) -> SectionName | None:
    """Return the section that a heading names, regardless of letter case and surrounding signs."""
    start, end = 0, len(text)
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return _NAMES.get(text[start:end].casefold())


def find_headings(tokens: Sequence[Token], lines: Sequence[str]) -> tuple[MarkdownHeading, ...]:
    """Return the headings at the top level, in order."""
    return tuple(
        [
            _heading(token, tokens[index + 1], index, lines)
            for index, token in enumerate(tokens)
            if token.type == "heading_open" and token.level == 0
        ]
    )


def _heading(opening: Token, inline: Token, index: int, lines: Sequence[str]) -> MarkdownHeading:
    start, end = opening.map or (0, 0)
    underline = lines[end - 1].strip() if opening.markup == "-" else ""
    text = " ".join(inline_text(inline).split())
    return MarkdownHeading(
        level=int(opening.tag[1:]),
        text=text,
        lines=range(start, end),
        token=index,
        by_separator=bool(underline) and (end - start > 2 or len(underline) < _SHORTEST_UNDERLINE),  # noqa: PLR2004 - text and underline
        name=section_name(text),
    )

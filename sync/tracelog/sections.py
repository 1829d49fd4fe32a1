"""Split a log into sections, and check them."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from markdown_it.token import Token

from sync.tracelog.headings import MarkdownHeading
from sync.tracelog.model import FormatWarning, Kind, Section, SectionName
from sync.tracelog.rules import Rule
from sync.tracelog.template import PLACEHOLDERS, TEMPLATES
from sync.tracelog.words import texts_in

_SECTION_LEVEL = 2
_LONGEST_HEADING = 60
_AROUND: Final = " \t\n[]().。*_`~+-–—"
"""Characters around a text that do not change what it says."""

_NOTHING = frozenset({"", "none", "n/a", "na", "nothing", "none found", "none encountered", "なし"})


@dataclass(frozen=True, slots=True)
class TokenizedSection:
    """A section together with the tokens of its text."""

    section: Section
    tokens: Sequence[Token]

    @property
    def is_unfilled(self) -> bool:
        """Whether it has nothing but the template's own text."""
        name = self.section.name
        if name is None:
            return False
        return _bare(" ".join(texts_in(self.tokens))) == _BARE_PLACEHOLDERS[PLACEHOLDERS[name]]

    @property
    def says_something(self) -> bool:
        """Whether it has text other than `None` and the template's."""
        return not self.is_unfilled and not says_only_none(self.tokens)


def says_only_none(tokens: Sequence[Token]) -> bool:
    """Return whether there is no text, or only `None` in one of its spellings."""
    return _bare(" ".join(texts_in(tokens))) in _NOTHING


def is_template_text(tokens: Sequence[Token]) -> bool:
    """Return whether there is nothing but a placeholder of a template."""
    bare = _bare(" ".join(texts_in(tokens)))
    return bare in _BARE_PLACEHOLDERS.values()


def section_headings(headings: Sequence[MarkdownHeading]) -> tuple[MarkdownHeading, ...]:
    """Return the headings that begin sections: `##`, or another level if the log uses that throughout."""
    level = _level(headings)
    return tuple(
        heading
        for heading in headings
        if heading.level <= level and (heading.name is not None or not heading.by_separator)
    )


def split_sections(
    tokens: Sequence[Token], lines: Sequence[str], headings: Sequence[MarkdownHeading]
) -> tuple[TokenizedSection, ...]:
    """Cut a log into sections at these headings."""
    return tuple(
        _part(tokens, lines, heading, end) for heading, end in pairwise([*headings, None]) if heading
    )


def first_part(parts: Sequence[TokenizedSection], name: SectionName) -> TokenizedSection | None:
    """Return the first section of this name, which is the one that counts."""
    return next((part for part in parts if part.section.name is name), None)


def check_sections(
    parts: Sequence[TokenizedSection], *, kind: Kind, last_line: int
) -> Iterator[FormatWarning]:
    """Warn of sections that the log lacks, and of those that the template of this kind lacks."""
    template = TEMPLATES[kind].sections
    lines: dict[SectionName, int] = {}
    for part in parts:
        section = part.section
        if section.name is None or section.name not in template:
            heading = textwrap.shorten(section.heading, _LONGEST_HEADING, placeholder="…")
            yield Rule.UNKNOWN_SECTION.at(section.line, heading=heading, names=", ".join(template))
        elif section.name in lines:
            yield Rule.DUPLICATE_SECTION.at(section.line, name=section.name)
        else:
            lines[section.name] = section.line
            if section.name is not SectionName.OUTCOME and not any(texts_in(part.tokens)):
                content = template[section.name]
                yield Rule.EMPTY_SECTION.at(section.line, name=section.name, content=content)
    line = last_line
    for name, content in reversed(tuple(template.items())):
        if name not in lines:
            yield Rule.MISSING_SECTION.at(line, name=name, content=content)
        line = lines.get(name, line)


def check_headings(
    headings: Sequence[MarkdownHeading], sections: Sequence[MarkdownHeading]
) -> Iterator[FormatWarning]:
    """Warn of section headings on another level than `##`, and of texts that `---` turns into headings."""
    named = next((heading for heading in sections if heading.name is not None), None)
    if named is not None and named.name is not None and named.level != _SECTION_LEVEL:
        yield Rule.HEADING_LEVEL.at(named.lines.start + 1, name=named.name)
    for heading in headings:
        if heading.by_separator and heading.name is None:
            yield Rule.DASHES_HEADING.at(heading.lines.stop)


def check_placeholders(parts: Sequence[TokenizedSection], lines: Sequence[str]) -> Iterator[FormatWarning]:
    """Warn of lines that still have the template's text, except in code."""
    for part in parts:
        if part.section.name is None:
            continue
        placeholder = PLACEHOLDERS[part.section.name]
        if _LONGEST_WORDS[placeholder] not in part.section.text.casefold():
            continue
        for token in part.tokens:
            for number in range(*token.map) if token.type == "inline" and token.map else ():
                column = placeholder_column(lines[number], placeholder)
                if column:
                    yield Rule.TEMPLATE_TEXT.at(number + 1, column, text=placeholder)


def placeholder_column(line: str, placeholder: str) -> int:
    """Return the column of the placeholder in the line, from 1; 0 if it is not there."""
    if placeholder in line:
        return line.index(placeholder) + 1
    bare = _BARE_PLACEHOLDERS[placeholder]
    # Most lines differ in their first letter, which is the cheapest to compare.
    if not bare.startswith(line.strip(_AROUND).lstrip()[:1].casefold()) or _bare(line) != bare:
        return 0
    return len(line) - len(line.lstrip()) + 1


def _level(headings: Sequence[MarkdownHeading]) -> int:
    known = Counter(heading.level for heading in headings if heading.name is not None)
    return next((level for level in (_SECTION_LEVEL, 1, 3) if known[level]), _SECTION_LEVEL)


def _part(
    tokens: Sequence[Token], lines: Sequence[str], heading: MarkdownHeading, end: MarkdownHeading | None
) -> TokenizedSection:
    last_line = len(lines) if end is None else end.lines.start
    last_token = len(tokens) if end is None else end.token
    section = Section(
        heading=heading.text,
        name=heading.name,
        text="\n".join(lines[heading.lines.stop : last_line]).strip("\n"),
        line=heading.lines.start + 1,
    )
    return TokenizedSection(section, tokens[heading.token + 3 : last_token])


def _bare(text: str) -> str:
    return " ".join(text.strip(_AROUND).split()).casefold()


_BARE_PLACEHOLDERS: Final[Mapping[str, str]] = MappingProxyType(
    {placeholder: _bare(placeholder) for placeholder in PLACEHOLDERS.values()}
)
_LONGEST_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {placeholder: max(bare.split(), key=len) for placeholder, bare in _BARE_PLACEHOLDERS.items()}
)
"""The longest word of each placeholder; a text without that word cannot hold the placeholder."""

"""The `**Field:** value` lines between the title and the first section."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from sync.tracelog.model import FormatWarning, Kind
from sync.tracelog.rules import Rule
from sync.tracelog.template import TEMPLATES, FieldName

_FIELD = re.compile(
    r"\s*(?:[-*+]\s+)?(?P<bold>\*\*|__)?(?P<label>[^\s:：*_`|\[\]][^:：*_`|\[\]]{0,39})"
    r"(?:[:：](?:\*\*|__)?|(?:\*\*|__)\s?[:：])(?P<value>.*)"
)
_NAMES = {name.casefold(): name for name in FieldName}


@dataclass(frozen=True, slots=True)
class Field:
    """A field line.

    Attributes:
        name: The field of the spec that this is, if any.
        label: Its name as written.
        value: Without markup and closing punctuation; may be empty.
        line: Counted from 1.
        column: Where the value begins, counted from 1.
    """

    name: FieldName | None
    label: str
    value: str
    line: int
    column: int


def read_field(line: str, number: int) -> Field | None:
    """Read a line, whose number is counted from 1, as a field; return None if it is other text."""
    found = _FIELD.match(line)
    if found is None:
        return None
    label = " ".join(found["label"].split())
    name = _NAMES.get(label.casefold())
    if name is None and found["bold"] is None:
        return None
    value = found["value"]
    column = found.start("value") + len(value) - len(value.lstrip()) + 1
    return Field(name, label, _bare(value), number, column)


def find_fields(tokens: Sequence[Token], lines: Sequence[str]) -> tuple[Field, ...]:
    """Return the fields in the paragraphs of these tokens, including lists but not quotes and tables."""
    return tuple(
        field
        for start, end in _paragraphs(tokens)
        for number in range(start, end)
        if (field := read_field(lines[number], number + 1)) is not None
    )


def first_of_each(fields: Sequence[Field]) -> dict[FieldName, Field]:
    """Return the fields that count: the first of each name."""
    return {field.name: field for field in reversed(fields) if field.name is not None}


def check_fields(fields: Sequence[Field], *, kind: Kind, title_line: int) -> Iterator[FormatWarning]:
    """Warn of fields that the log lacks, and of those that the template of this kind lacks."""
    template = TEMPLATES[kind].fields
    counting = first_of_each(fields)
    for name, example in template.items():
        field = counting.get(name)
        if field is None:
            yield Rule.MISSING_FIELD.at(title_line, name=name, example=example)
        elif not field.value:
            yield Rule.MISSING_FIELD.at(field.line, name=name, example=example)
    for field in fields:
        if field.name is not None and counting[field.name] is not field:
            yield Rule.DUPLICATE_FIELD.at(field.line, name=field.name)
        elif field.name not in template:
            yield Rule.UNKNOWN_FIELD.at(field.line, name=field.label, names=", ".join(template))


def free_separators(tokens: Sequence[Token], lines: Sequence[str]) -> tuple[list[Token], list[FormatWarning]]:
    """Undo headings that arise where `---` follows the last field line without an empty line."""
    headings = [token for token in tokens if token.type == "heading_open"]
    if not any(token.markup == "-" for token in headings):
        return list(tokens), []
    freed: list[Token] = []
    warnings: list[FormatWarning] = []
    closing: list[Token] = []
    for token in tokens:
        if token.type == "heading_open" and token.level == 0 and _holds_field(token, lines):
            start, end = token.map or (0, 0)
            freed.append(Token("paragraph_open", "p", 1, map=[start, end - 1], block=True))
            closing = [
                Token("paragraph_close", "p", -1, block=True),
                Token("hr", "hr", 0, map=[end - 1, end], markup="---", block=True),
            ]
            warnings.append(Rule.DASHES_HEADING.at(end))
        elif token.type == "heading_close" and closing:
            freed.extend(closing)
            closing = []
        else:
            freed.append(token)
    return freed, warnings


def _holds_field(heading: Token, lines: Sequence[str]) -> bool:
    if heading.markup != "-" or heading.map is None:
        return False
    start, end = heading.map
    fields = (read_field(lines[number], number + 1) for number in range(start, end - 1))
    return any(field is not None and field.name is not None for field in fields)


def _paragraphs(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    quotes = 0
    for token in tokens:
        if token.type in {"blockquote_open", "blockquote_close"}:
            quotes += token.nesting
        elif token.type == "paragraph_open" and not quotes and token.map is not None:
            yield token.map[0], token.map[1]


def _bare(value: str) -> str:
    return value.strip().rstrip("\\").strip(" \t*_`[]").rstrip(".,;").strip(" \t*_`[]")

"""Check the form of what the parser understands in other forms, too, and how to correct it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from sync.tracelog.headings import MarkdownHeading, find_headings
from sync.tracelog.linting.repair import Repair, replacing
from sync.tracelog.linting.style_rules import StyleRule
from sync.tracelog.model import Env, FormatWarning, Risk, SectionName, Severity, TraceLog
from sync.tracelog.parsing.header import Field, read_field
from sync.tracelog.template import FieldName

_FIELD_START = re.compile(r"\*\*(?P<name>[^*:]+):\*\* ")
_OUTCOME = re.compile(r"[\W_]*(?P<word>success|partial|failed)", re.IGNORECASE)
_DECORATION = " \t*_`[]"

_OPTIONS: Mapping[FieldName, type[StrEnum]] = MappingProxyType(
    {FieldName.ENV: Env, FieldName.RISK: Risk, FieldName.SEVERITY: Severity}
)


@dataclass(frozen=True, slots=True)
class Remark:
    """A departure from the form, and the repair if there is a safe one."""

    warning: FormatWarning
    repair: Repair | None


def check_style(log: TraceLog) -> Iterator[Remark]:
    """Yield where the form of what was understood differs from the spec's."""
    lines = log.text.split("\n")
    headings = find_headings(log.tokens, lines)
    fields = _fields(log, lines)
    for field in fields:
        yield from _check_field(field, lines[field.line - 1])
        yield from _check_option(field, lines[field.line - 1])
    yield from _check_transition(log, fields, lines)
    yield from _check_outcome(log, lines)
    starts = {section.line for section in log.sections}
    sections = [heading for heading in headings if heading.lines.start + 1 in starts]
    for heading in sections:
        yield from _check_heading(heading, lines)
        yield from _check_blank_above(heading, lines)
    titles = [heading for heading in headings if heading.lines.start in log.header_lines]
    for title in titles:
        yield from _check_blank_below(title, lines)


def _fields(log: TraceLog, lines: Sequence[str]) -> tuple[Field, ...]:
    found = (read_field(lines[number], number + 1) for number in sorted(log.header_lines))
    return tuple(field for field in found if field is not None and field.name is not None)


def _check_field(field: Field, line: str) -> Iterator[Remark]:
    start = _FIELD_START.match(line)
    if field.name is None or not field.value or (start and start["name"] == field.name):
        return
    warning = StyleRule.FIELD_FORM.at(field.line, name=field.name)
    begin, end = _span(field, line)
    around = (line[field.column - 1 : begin] + line[end:]).rstrip("\\ \t")
    plain = not around.strip(_DECORATION + ".,;")
    after = line[len(line.rstrip()) :]
    mended = Repair(field.line, 1, (f"**{field.name}:** {line[begin:end]}{after}",))
    yield Remark(warning, mended if plain else None)


def _check_option(field: Field, line: str) -> Iterator[Remark]:
    for option in _OPTIONS.get(field.name, ()) if field.name else ():
        if field.value != option and field.value.casefold() == option.casefold():
            begin, end = _span(field, line)
            warning = StyleRule.VALUE_CASE.at(field.line, begin + 1, name=field.label, value=option)
            yield Remark(warning, replacing(field.line, line, start=begin, end=end, word=option))


def _check_transition(log: TraceLog, fields: Sequence[Field], lines: Sequence[str]) -> Iterator[Remark]:
    field = next((field for field in fields if field.name is FieldName.TRANSITION), None)
    if field is None or log.transition is None:
        return
    line, wanted = lines[field.line - 1], str(log.transition)
    begin, end = _span(field, line)
    repair = replacing(field.line, line, start=begin, end=end, word=wanted)
    if "→" not in field.value:
        yield Remark(StyleRule.ARROW.at(field.line, begin + 1, transition=wanted), repair)
    if not (log.transition.before in field.value and log.transition.after in field.value):
        name = field.name or field.label
        yield Remark(StyleRule.VALUE_CASE.at(field.line, begin + 1, name=name, value=wanted), repair)


def _check_outcome(log: TraceLog, lines: Sequence[str]) -> Iterator[Remark]:
    section = log.section(SectionName.OUTCOME)
    if section is None or log.outcome is None:
        return
    for number in range(section.line, len(lines)):
        found = _OUTCOME.match(lines[number])
        if found is not None and found["word"] != log.outcome:
            start, end = found.span("word")
            warning = StyleRule.VALUE_CASE.at(
                number + 1, start + 1, name=section.name or "", value=log.outcome
            )
            yield Remark(
                warning, replacing(number + 1, lines[number], start=start, end=end, word=log.outcome)
            )
        if re.search(r"\w", lines[number]):
            return


def _check_heading(heading: MarkdownHeading, lines: Sequence[str]) -> Iterator[Remark]:
    if heading.name is None or heading.text == heading.name:
        return
    number, mark = heading.lines.start + 1, "#" * heading.level
    simple = len(heading.lines) == 1 and lines[number - 1].lstrip().startswith("#")
    repair = Repair(number, 1, (f"{mark} {heading.name}",)) if simple else None
    yield Remark(StyleRule.HEADING_FORM.at(number, mark=mark, name=heading.name), repair)


def _check_blank_above(heading: MarkdownHeading, lines: Sequence[str]) -> Iterator[Remark]:
    start = heading.lines.start
    above = next((number for number in range(start - 1, -1, -1) if lines[number].strip()), -1)
    if above < 0:
        return
    blank = start - 1 - above
    where = f"above `{heading.text}`"
    if not blank:
        warning = StyleRule.BLANK_LINES.at(start + 1, where=where, change="Add an empty line above it")
        yield Remark(warning, Repair(start + 1, 0, ("",)))
    elif blank > 1:
        warning = StyleRule.BLANK_LINES.at(start + 1, where=where, change="Remove the others")
        yield Remark(warning, Repair(above + 2, blank, ("",)))


def _check_blank_below(title: MarkdownHeading, lines: Sequence[str]) -> Iterator[Remark]:
    below = title.lines.stop
    if below < len(lines) and lines[below].strip():
        change = "Add an empty line below it"
        warning = StyleRule.BLANK_LINES.at(below, where="below the title", change=change)
        yield Remark(warning, Repair(below + 1, 0, ("",)))


def _span(field: Field, line: str) -> tuple[int, int]:
    """Return where the value stands in the line, without the markup around it."""
    begin = line.index(field.value, field.column - 1)
    return begin, begin + len(field.value)

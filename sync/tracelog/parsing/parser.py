"""Parse the bytes of a log into typed values. Total: any bytes give a log, never an exception."""

from collections.abc import Sequence
from datetime import tzinfo

from sync.names import LogPath
from sync.tracelog.headings import MarkdownHeading, find_headings
from sync.tracelog.markdown.tokenizing import tokenize
from sync.tracelog.model import Env, FormatWarning, Kind, Risk, SectionName, Severity, TraceLog
from sync.tracelog.parsing.header import Field, check_fields, find_fields, first_of_each, free_separators
from sync.tracelog.parsing.identity import Identity, identify_log
from sync.tracelog.parsing.text import decode
from sync.tracelog.parsing.tools import read_tools
from sync.tracelog.parsing.values import read_option, read_outcome, read_timestamp, read_transition
from sync.tracelog.parsing.wrapping import unwrap
from sync.tracelog.rules import Rule
from sync.tracelog.sections import (
    TokenizedSection,
    check_headings,
    check_placeholders,
    check_sections,
    first_part,
    section_headings,
    split_sections,
)
from sync.tracelog.template import FieldName


def parse(content: bytes, path: LogPath, *, zone: tzinfo) -> TraceLog:
    """Parse a log; `zone` is the time zone of a timestamp that names none."""
    text = decode(content)
    wrapped = unwrap(text.value)
    lines = wrapped.body.split("\n")
    tokens, dashes = free_separators(tokenize(wrapped.body), lines)
    headings = find_headings(tokens, lines)
    identity = identify_log(headings, path)
    rest = [heading for heading in headings if heading is not identity.heading]
    begins = section_headings(rest)
    parts = split_sections(tokens, lines, begins)
    fields = find_fields(tokens[: begins[0].token if begins else len(tokens)], lines)
    first = first_of_each(fields)

    timestamp = read_timestamp(first.get(FieldName.TIMESTAMP), zone=zone)
    env = read_option(first.get(FieldName.ENV), Env)
    risk = read_option(first.get(FieldName.RISK), Risk)
    severity = read_option(first.get(FieldName.SEVERITY), Severity)
    transition = read_transition(first.get(FieldName.TRANSITION))
    outcome = read_outcome(first_part(parts, SectionName.OUTCOME))
    tools = read_tools(first_part(parts, SectionName.TOOLS_USED))
    readings = (text, timestamp, env, risk, severity, transition, outcome, tools)

    warnings = [
        *wrapped.warnings,
        *dashes,
        *(warning for reading in readings for warning in reading.warnings),
    ]
    if text.value.strip():
        warnings += identity.warnings
        warnings += check_fields(fields, kind=identity.kind, title_line=_title_line(identity))
        warnings += check_headings(rest, begins)
        warnings += check_sections(parts, kind=identity.kind, last_line=_last_line(lines))
        warnings += check_placeholders(parts, lines)
    else:
        warnings.append(Rule.EMPTY_LOG.at(1))
    return TraceLog(
        path=path,
        kind=identity.kind,
        log_id=identity.log_id,
        timestamp=timestamp.value,
        env=env.value,
        risk=risk.value,
        transition=transition.value,
        outcome=outcome.value,
        severity=severity.value,
        tools=tools.value,
        sections=tuple(part.section for part in parts),
        has_issues=identity.kind is Kind.EXCEPTION or _says_something(parts, SectionName.ISSUES),
        has_contract_gap=_has_contract_gap(parts, identity.kind),
        warnings=_in_order(warnings),
        text=text.value,
        tokens=tokens,
        front_matter=wrapped.front_matter,
        header_lines=_header_lines(identity.heading, fields),
    )


def _says_something(parts: Sequence[TokenizedSection], name: SectionName) -> bool:
    part = first_part(parts, name)
    return part is not None and part.says_something


def _has_contract_gap(parts: Sequence[TokenizedSection], kind: Kind) -> bool:
    return _says_something(parts, SectionName.CONTRACT_GAPS) or (
        kind is Kind.EXCEPTION and _says_something(parts, SectionName.CONTRACT_REFERENCE)
    )


def _header_lines(title: MarkdownHeading | None, fields: Sequence[Field]) -> frozenset[int]:
    of_fields = (field.line - 1 for field in fields if field.name is not None)
    return frozenset(title.lines if title else ()).union(of_fields)


def _title_line(identity: Identity) -> int:
    return identity.heading.lines.start + 1 if identity.heading else 1


def _last_line(lines: Sequence[str]) -> int:
    return next((number for number in range(len(lines), 0, -1) if lines[number - 1].strip()), 1)


def _in_order(warnings: Sequence[FormatWarning]) -> tuple[FormatWarning, ...]:
    """Sort warnings by place, keeping the order of the template at the same place."""
    return tuple(sorted(warnings, key=lambda warning: (warning.line, warning.column)))

"""The properties of a log's page: views of the log, each cut to Notion's limits."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import accumulate, islice
from typing import Final

from sync.names import Digest, Key, Property
from sync.page.draft import Choice, Choices, Flag, Moment, Text, Value
from sync.page.inline import rich_text
from sync.page.limits import MAX_ITEMS, MAX_OPTION, MAX_TEXT, shortened, utf16_length
from sync.page.richtext import holdable, plain
from sync.tracelog.model import Kind, Section, SectionName, Tool, TraceLog

_SUMMARY: Final = 300
"""The length of the summary in UTF-16 units: what a row of the database shows without growing."""

_SUMMARISED: Final = {Kind.EXECUTION: SectionName.TASK, Kind.EXCEPTION: SectionName.WHAT_HAPPENED}


def properties(log: TraceLog, *, key: Key, content_hash: Digest) -> Mapping[Property, Value]:
    """Return a value for every property of a log; one that clears it if the log gives none."""
    return {
        Property.TITLE: Text(_title(log)),
        Property.TYPE: Choice(log.kind.value),
        Property.TIMESTAMP: Moment(log.timestamp),
        Property.ENV: _choice(log.env),
        Property.RISK: _choice(log.risk),
        Property.TRANSITION: Text(str(log.transition or "")),
        Property.OUTCOME: _choice(log.outcome),
        Property.SEVERITY: _choice(log.severity),
        Property.SUMMARY: Text(_summary(log)),
        Property.TOOLS: Choices(tuple(islice(_options(log.tools), MAX_ITEMS))),
        Property.CONTRACT_REFERENCE: Text(_contract_reference(log)),
        Property.HAS_ISSUES: Flag(log.has_issues),
        Property.CONTRACT_GAP: Flag(log.has_contract_gap),
        Property.FORMAT_WARNINGS: Text(_format_warnings(log)),
        Property.LOG_PATH: Text(key),
        Property.CONTENT_HASH: Text(content_hash),
    }


def _choice(member: StrEnum | None) -> Choice:
    return Choice(member.value if member else None)


def _title(log: TraceLog) -> str:
    return shortened(_one_line(log.log_id) or _one_line(log.path) or "log", MAX_TEXT)


def _summary(log: TraceLog) -> str:
    section = log.section(_SUMMARISED[log.kind])
    if section is None:
        return ""
    words = ""
    for part in _parts(log, section):
        words = f"{words} {_one_line(part)}".strip()
        if utf16_length(words) > _SUMMARY:
            break
    return shortened(words, _SUMMARY)


def _contract_reference(log: TraceLog) -> str:
    section = log.section(SectionName.CONTRACT_REFERENCE)
    text = "\n".join(_parts(log, section)).strip() if section else ""
    return shortened(text, MAX_TEXT)


def _parts(log: TraceLog, section: Section) -> Iterator[str]:
    """Yield the paragraphs, cells and code blocks of a section as plain text, in order."""
    end = min((each.line for each in log.sections if each.line > section.line), default=None)
    for token in log.tokens:
        line = token.map[0] + 1 if token.map else 0
        if end is not None and line >= end:
            return
        if line <= section.line:
            continue
        if token.type == "inline":
            yield plain(rich_text(token.children or ()))
        elif token.type in {"fence", "code_block"}:
            yield holdable(token.content)


def _options(tools: Sequence[Tool]) -> Iterator[str]:
    """Yield each tool's name once regardless of letter case, without commas, which options cannot have."""
    seen = {""}
    for tool in tools:
        option = shortened(_one_line(tool.name.replace(",", ";")), MAX_OPTION)
        if option.casefold() not in seen:
            seen.add(option.casefold())
            yield option


def _format_warnings(log: TraceLog) -> str:
    """Return a line for each warning and, if not all of them fit, how to see the rest."""
    rows = [_one_line(str(warning)) for warning in log.warnings]
    whole = "\n".join(rows)
    if utf16_length(whole) <= MAX_TEXT:
        return whole
    room = MAX_TEXT - utf16_length(_more(len(rows), log))
    ends = accumulate(utf16_length(row) + 1 for row in rows)
    shown = sum(end <= room for end in ends)
    return "\n".join([*rows[:shown], shortened(_more(len(rows) - shown, log), MAX_TEXT)])


def _more(count: int, log: TraceLog) -> str:
    return f"… and {count} more: ai-traces lint {log.path}"


def _one_line(text: str) -> str:
    return " ".join(holdable(text).split())

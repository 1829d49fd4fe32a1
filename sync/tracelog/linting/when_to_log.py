"""Advise on logs that the spec's table When to Log asks for and that seem to be missing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from sync.tracelog.events import Event
from sync.tracelog.model import Env, FormatWarning, Kind, Outcome, SectionName, Tool, TraceLog
from sync.tracelog.rules import Deviation
from sync.tracelog.title import file_name_parts

_NEAR = timedelta(days=1)
"""How far apart two related logs may be: their names may use different zones, or work passes midnight."""

_FAILED_RESULT = re.compile(
    r"(?:failed|failure|error|timed? ?out|timeout|crashed|aborted"
    r"|exit(?:ed)?(?: with)?(?: code| status)? ?[1-9])\b"
    r"(?!-|\s+(?:tests?|handling|messages?|logs?|cases?|rates?|codes?)\b)",
    re.IGNORECASE,
)
_SAID: Mapping[Event, re.Pattern[str]] = MappingProxyType(
    {
        Event.MISSING_CRITICALS: re.compile(
            r"Missing Criticals(?: Fallback)?(?: was| were| has been)?:?\s+(?:triggered|applied|fired)\b",
            re.IGNORECASE,
        ),
        Event.SELF_TEST_GATE: re.compile(
            r"Self-Test Gate(?: has)?:?\s+(?:failed|stopped|refused)\b|failed (?:at )?the Self-Test Gate\b",
            re.IGNORECASE,
        ),
    }
)
_AMBIGUOUS = re.compile(
    r"(?<!not )(?<!un)(?<!nothing )(?:\bambiguous|\bambiguity|\bunclear\b|\bcontradicts?\b)", re.IGNORECASE
)
_DEPLOYMENT = re.compile(
    r"\b(?:prod(?:uction)?[ -]deploy(?:ment)?"
    r"|deploy(?:ed|ing|ment)?\s+(?:\w+\s+){0,2}(?:to|in|on)\s+prod(?:uction)?)\b",
    re.IGNORECASE,
)


class MissingLog(Deviation):
    """A log that the table asks for and that is not there."""

    UNLOGGED_FAILURE = (
        "unlogged-failure",
        "An exception log of the same day or id, since this execution Failed",
        "Write it with: ai-traces new exception",
    )
    UNLOGGED_EVENT = (
        "unlogged-event",
        "An exception log of the same day or id, since {sentence}",
        "Write it with: ai-traces new --event {event}",
    )
    UNLOGGED_DEPLOYMENT = (
        "unlogged-deployment",
        "An execution log of the same day or id, since something was deployed to prod",
        "Write it with: ai-traces new --event prod-deployment",
    )


@dataclass(frozen=True, slots=True)
class Name:
    """The day and id in the file name of a log."""

    day: date
    log_id: str


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The names of all logs in a logs directory, by kind."""

    executions: frozenset[Name]
    exceptions: frozenset[Name]


def read_name(file_name: str) -> Name | None:
    """Read a file name; return None if it does not have the form of the spec."""
    parts = file_name_parts(file_name)
    return None if parts is None else Name(parts[0], parts[1].casefold())


def advise(log: TraceLog, neighbours: Neighbours) -> Iterator[FormatWarning]:
    """Yield the logs that the table asks for beside this one and that are not there."""
    match log.kind:
        case Kind.EXECUTION if not _has_partner(log, neighbours.exceptions):
            yield from _wanting_exception(log)
        case Kind.EXCEPTION if not _has_partner(log, neighbours.executions):
            yield from _wanting_execution(log)
        case _:
            pass


def _wanting_exception(log: TraceLog) -> Iterator[FormatWarning]:
    outcome = log.section(SectionName.OUTCOME)
    if log.outcome is Outcome.FAILED and outcome is not None:
        yield MissingLog.UNLOGGED_FAILURE.at(outcome.line)
    failed = next((tool for tool in log.tools if _FAILED_RESULT.match(tool.result)), None)
    if failed is not None:
        yield _unlogged(Event.TOOL_FAILURE, _line_of(failed, log))
    for event, words in _SAID.items():
        told = next((part for part in log.sections if part.name and words.search(part.text)), None)
        if told is not None:
            yield _unlogged(event, told.line)
    gaps = log.section(SectionName.CONTRACT_GAPS)
    if gaps is not None and log.has_contract_gap and _AMBIGUOUS.search(gaps.text):
        yield _unlogged(Event.CONTRACT_AMBIGUITY, gaps.line)


def _wanting_execution(log: TraceLog) -> Iterator[FormatWarning]:
    happened = log.section(SectionName.WHAT_HAPPENED)
    if log.env is Env.PROD and happened is not None and _DEPLOYMENT.search(happened.text):
        yield MissingLog.UNLOGGED_DEPLOYMENT.at(happened.line)


def _line_of(tool: Tool, log: TraceLog) -> int:
    """Return the line of a tool, or that of its section if the tool spans several lines."""
    section = log.section(SectionName.TOOLS_USED)
    start = section.line if section else 1
    lines = log.text.split("\n")
    found = (
        number
        for number in range(start, len(lines))
        if tool.name in (line := lines[number]) and tool.result in line
    )
    return next(found, start - 1) + 1


def _unlogged(event: Event, line: int) -> FormatWarning:
    return MissingLog.UNLOGGED_EVENT.at(line, sentence=event.sentence, event=event)


def _has_partner(log: TraceLog, others: frozenset[Name]) -> bool:
    day, log_id = _day(log), log.log_id.casefold()
    near = (other for other in others if day is not None and abs(other.day - day) <= _NEAR)
    return any(True for _ in near) or any(other.log_id.startswith(log_id) for other in others)


def _day(log: TraceLog) -> date | None:
    name = read_name(log.path.rsplit("/", 1)[-1])
    if name is not None:
        return name.day
    return log.timestamp.date() if isinstance(log.timestamp, datetime) else log.timestamp

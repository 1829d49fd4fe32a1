"""The validated fields of a new log, for both templates, as people and programs give them."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    WithJsonSchema,
)

from sync.tracelog.markdown.tokenizing import tokenize
from sync.tracelog.model import Env, Kind, Outcome, Risk, Severity, State, Transition
from sync.tracelog.parsing.values import parse_transition
from sync.tracelog.sections import is_template_text, says_only_none
from sync.tracelog.template import TEMPLATES
from sync.tracelog.timestamp import parse_timestamp
from sync.tracelog.writing.cleaning import clean, clean_line
from sync.tracelog.writing.containment import holds_placeholder

_ID = re.compile(r"[^\W_](?:[\w.-]*[^\W_])?")
_LONGEST_ID = 200
"""In bytes: with the day and `.md` it has to be a file name."""


def _check_id(value: str) -> str:
    log_id = unicodedata.normalize("NFC", value.strip())
    if _ID.fullmatch(log_id) is None:
        raise ValueError(
            "use letters, digits, dots, underscores and hyphens, with a letter or digit at both ends"
        )
    if log_id.casefold() in {template.id_placeholder.casefold() for template in TEMPLATES.values()}:
        raise ValueError("this is the template's; give the id of the task")
    if len(log_id.encode()) > _LONGEST_ID:
        raise ValueError(f"at most {_LONGEST_ID} bytes, so that it can be a file name")
    return log_id


def _read_timestamp(value: object) -> datetime:
    moment = parse_timestamp(value.strip()) if isinstance(value, str) else value
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise ValueError("write a day, a time and its zone, such as 2026-01-10T14:30:00Z")
    return moment.astimezone(UTC).replace(microsecond=0)


def _read_transition(value: object) -> Transition:
    transition = value if isinstance(value, Transition) else parse_transition(str(value))
    if transition is None:
        raise ValueError(
            f"write two states with an arrow, such as PLAN -> DRAFT; they are {', '.join(State)}"
        )
    return transition


def _option_of(options: type[StrEnum]) -> BeforeValidator:
    """Accept a word of a closed list in any letter case."""

    def read(value: object) -> object:
        word = str(value).strip().casefold()
        return next((option for option in options if option.casefold() == word), value)

    return BeforeValidator(read)


def _check_words(value: str) -> str:
    if not value:
        raise ValueError("say something")
    if is_template_text(tokenize(value)):
        raise ValueError("this is the template's text; use your own words")
    return value


def _check_line(value: str) -> str:
    if holds_placeholder(value):
        raise ValueError("this has the template's text in it; use your own words")
    return value


def _split_tool(value: object) -> object:
    if not isinstance(value, str):
        return value
    name, colon, result = value.partition(": ")
    if not colon:
        raise ValueError("write NAME: RESULT, such as Read: 3 files")
    return {"name": name, "result": result}


def _without_nothing(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_check_words(value) for value in values if not says_only_none(tokenize(value)))


_Cleaned = BeforeValidator(lambda value: clean(value) if isinstance(value, str) else value)
_OneLine = BeforeValidator(lambda value: clean_line(value) if isinstance(value, str) else value)

MarkdownText: TypeAlias = Annotated[str, _Cleaned, AfterValidator(_check_words)]
"""Markdown that says something."""
MarkdownLine: TypeAlias = Annotated[str, _OneLine, AfterValidator(_check_words), AfterValidator(_check_line)]
"""Markdown on one line; line breaks become spaces."""
Items: TypeAlias = Annotated[tuple[Annotated[str, _Cleaned], ...], AfterValidator(_without_nothing)]
"""One text for each item of a list; what only says `None` is no item."""


def _timestamp_is_optional(schema: dict[str, Any]) -> None:
    schema["required"].remove("timestamp")


class ToolEntry(BaseModel):
    """One tool that was used."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: MarkdownLine = Field(max_length=500, description="the tool, such as Read")
    result: MarkdownLine = Field(max_length=10_000, description="what it gave, in one line")


class CommonEntry(BaseModel):
    """What the logs of both kinds have in common."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra=_timestamp_is_optional)

    id: Annotated[str, _OneLine, AfterValidator(_check_id)] = Field(
        description="the id that the task has: letters, digits, dots, underscores and hyphens"
    )
    timestamp: Annotated[
        datetime, PlainValidator(_read_timestamp), WithJsonSchema({"type": "string", "format": "date-time"})
    ] = Field(description="day, time and zone, such as 2026-01-10T14:30:00Z; now, unless given")
    env: Annotated[Env, _option_of(Env)] = Field(description="where it acted: dev, stage or prod")


class ExecutionEntry(CommonEntry):
    """A log of an execution."""

    risk: Annotated[Risk, _option_of(Risk)] = Field(
        description="how much it could break: low, medium or high"
    )
    state_transition: Annotated[
        Transition, PlainValidator(_read_transition), WithJsonSchema({"type": "string"})
    ] = Field(description=f"two states with an arrow, such as PLAN -> DRAFT, of {', '.join(State)}")
    task: MarkdownText = Field(description="a short description of the task, in markdown")
    tools: tuple[Annotated[ToolEntry, BeforeValidator(_split_tool)], ...] = Field(
        (), description="each tool with its result, also as NAME: RESULT; none, unless given"
    )
    outcome: Annotated[Outcome, _option_of(Outcome)] = Field(description="Success, Partial or Failed")
    outcome_details: Annotated[str, _Cleaned] = Field("", description="what more there is to say of it")
    issues: Items = Field((), description="one text for each issue; None, unless given")
    contract_gaps: Items = Field((), description="one text for each gap in the contract; None, unless given")


class ExceptionEntry(CommonEntry):
    """A log of something that went wrong."""

    severity: Annotated[Severity, _option_of(Severity)] = Field(description="warning, error or critical")
    what_happened: MarkdownText = Field(description="a description of the failure, in markdown")
    root_cause: MarkdownText = Field(description="the best guess at why")
    contract_reference: MarkdownText = Field(
        description="the contract's section that was relevant, by its heading, or None"
    )
    proposed_fix: MarkdownText = Field(description="a change to the contract or to the behaviour, or None")
    workaround_used: MarkdownText = Field("None", description="how you recovered; None, unless given")


ENTRIES: Mapping[Kind, type[ExecutionEntry] | type[ExceptionEntry]] = MappingProxyType(
    {Kind.EXECUTION: ExecutionEntry, Kind.EXCEPTION: ExceptionEntry}
)
"""The fields of each kind of log."""

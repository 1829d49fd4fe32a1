"""Read the values of the fields below the title, and the outcome."""

import re
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import TypeVar

from sync.tracelog.model import Outcome, State, Transition
from sync.tracelog.parsing.header import Field
from sync.tracelog.parsing.reading import Reading
from sync.tracelog.rules import Rule
from sync.tracelog.sections import TokenizedSection
from sync.tracelog.timestamp import in_calendar, parse_timestamp
from sync.tracelog.words import texts_in

_ARROW = re.compile(r"→|⇒|⟶|➔|➜|-+>|=+>")
_OUTCOME = re.compile(r"[\W_]*(success|partial|failed)(?!-?[a-z0-9_])", re.IGNORECASE)

Option = TypeVar("Option", bound=StrEnum)


def read_option(field: Field | None, options: type[Option]) -> Reading[Option | None]:
    """Read a word of a closed list in any letter case."""
    if field is None or not field.value:
        return Reading(None)
    option = _option(field.value, options)
    if option is not None:
        return Reading(option)
    values = ", ".join(options)
    written = {_option(_bare(word), options) for word in field.value.split("|")}
    if written == set(options):
        return Reading(None, (Rule.TEMPLATE_TEXT.at(field.line, field.column, text=" | ".join(options)),))
    return Reading(None, (Rule.UNKNOWN_VALUE.at(field.line, field.column, name=field.label, values=values),))


def read_transition(field: Field | None) -> Reading[Transition | None]:
    """Read two states with an arrow between them."""
    if field is None or not field.value:
        return Reading(None)
    transition = parse_transition(field.value)
    if transition is None:
        values = ", ".join(State)
        return Reading(None, (Rule.BAD_TRANSITION.at(field.line, field.column, values=values),))
    return Reading(transition)


def parse_transition(text: str) -> Transition | None:
    """Read two states in any letter case with any arrow between them; return None for anything else."""
    match [_option(_bare(word), State) for word in _ARROW.split(text)]:
        case [State() as before, State() as after]:
            return Transition(before, after)
        case _:
            return None


def read_timestamp(field: Field | None, *, zone: tzinfo) -> Reading[datetime | date | None]:
    """Read a day and time; `zone` is the time zone if the log names none."""
    if field is None or not field.value:
        return Reading(None)
    place = (field.line, field.column)
    match parse_timestamp(field.value):
        case datetime(tzinfo=None) as naive:
            moment = in_calendar(naive.replace(tzinfo=zone))
            rule = Rule.BAD_TIMESTAMP if moment is None else Rule.TIMESTAMP_ZONE
            return Reading(moment, (rule.at(*place),))
        case datetime() as moment:
            return Reading(moment)
        case date() as day:
            return Reading(day, (Rule.TIMESTAMP_TIME.at(*place),))
        case _:
            return Reading(None, (Rule.BAD_TIMESTAMP.at(*place),))


def read_outcome(part: TokenizedSection | None) -> Reading[Outcome | None]:
    """Read the first word of the Outcome section."""
    if part is None or part.is_unfilled:
        return Reading(None)
    found = _OUTCOME.match(next(texts_in(part.tokens), ""))
    if found is None:
        return Reading(None, (Rule.UNKNOWN_OUTCOME.at(part.section.line),))
    return Reading(Outcome(found[1].capitalize()))


def _option(word: str, options: type[Option]) -> Option | None:
    name = _by_name(options).get(word.casefold())
    return None if name is None else options(name)


@cache
def _by_name(options: type[StrEnum]) -> Mapping[str, str]:
    return MappingProxyType({option.casefold(): option.value for option in reversed(options)})


def _bare(word: str) -> str:
    return word.strip(" \t*_`[]")

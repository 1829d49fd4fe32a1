"""The typed values of the fields below the title."""

import re
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import TypeVar

from sync.tracelog.model import State, Transition
from sync.tracelog.parsing.header import Field
from sync.tracelog.parsing.reading import Reading
from sync.tracelog.rules import Rule
from sync.tracelog.timestamp import in_calendar, parse_timestamp

_ARROW = re.compile(r"→|⇒|⟶|➔|➜|-+>|=+>")

Option = TypeVar("Option", bound=StrEnum)


def read_option(field: Field | None, options: type[Option]) -> Reading[Option | None]:
    """Read a word of a closed list, whatever its case."""
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
    """Read two states with any arrow between them, whatever their case; None when it is anything else."""
    match [_option(_bare(word), State) for word in _ARROW.split(text)]:
        case [State() as before, State() as after]:
            return Transition(before, after)
        case _:
            return None


def read_timestamp(field: Field | None, *, zone: tzinfo) -> Reading[datetime | date | None]:
    """Read a day and time; `zone` is meant where the log names none."""
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


def _option(word: str, options: type[Option]) -> Option | None:
    name = _by_name(options).get(word.casefold())
    return None if name is None else options(name)


@cache
def _by_name(options: type[StrEnum]) -> Mapping[str, str]:
    return MappingProxyType({option.casefold(): option.value for option in reversed(options)})


def _bare(word: str) -> str:
    return word.strip(" \t*_`[]")

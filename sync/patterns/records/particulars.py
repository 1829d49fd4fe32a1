"""Tell troubles apart that are told in the same words: by exit codes, and by what was missing."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from sync.patterns.records.record import Record

_THING: Final = r"['\"`‘“]?([\w@][\w@./+-]*)"

_NO_PLACE: Final = r"(?<![\w@./+-])(?<!\bthe )(?<!\bour )(?<!\bthis )(?<!\bon )(?<!\bin )(?<!\bat )"
"""What stands before a word in prose: where something is missing, not what."""

_PARTICULARS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bexit(?:ed|s)?(?:[ _-](?:with|code|status))*\s*[:=]?\s*(-?[0-9]{1,3})\b",
        rf"{_NO_PLACE}{_THING}['\"`’”]?: (?:command )?not found\b(?!: ?\w)",
        rf"\bcommand not found: {_THING}",
        rf"\bno module named {_THING}",
        rf"\bcannot find module {_THING}",
    )
)

_COMMAND: Final = re.compile(
    r"\b(?:bash|sh|zsh|dash)\s+-[a-z]*c\s+(?P<quote>['\"`])?\s*(?:cd\s+[^\s&;|]+\s*(?:&&|;)\s*|\w+=\S*\s+)*"
    r"(?P<command>[\w@][\w@.+-]*)(?=[\s'\"`]|$)"
)
_NOT_FOUND: Final = "127"
"""The exit code of a shell if there is no such command."""

_SHORT: Final = 240
"""The longest text that is only about what was missing."""

_MOST: Final = 0.75
"""The least fraction of runs with a particular that name the same one, if it is one trouble."""


def ending_of(text: str) -> str | None:
    """Return the exit code of a command, with the command if it is named; None if there is none."""
    ending = next(iter(_PARTICULARS[0].findall(text)), None)
    if ending is None:
        return None
    return f"{ending} {command}" if (command := _command_in(text)) else str(ending)


def missing_in(text: str) -> str | None:
    """Return the command or module that a short text says was not found; None unless it is exactly one."""
    if len(text) > _SHORT:
        return None
    named = {thing for particular in _PARTICULARS[1:] for thing in particular.findall(text)}
    if not named and _PARTICULARS[0].findall(text) == [_NOT_FOUND] and (command := _command_in(text)):
        named = {command}
    return named.pop().rstrip(".") if len(named) == 1 else None


def most_miss(members: Sequence[Record]) -> str | None:
    """Return what most of the members' runs did not find; None if that is not one thing."""
    told = {(record.path, missing_in(record.text)) for record in members}
    runs = Counter(thing for _, thing in told if thing is not None)
    thing, often = max(runs.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    return thing if often and often >= _MOST * len({path for path, _ in told}) else None


def _command_in(text: str) -> str:
    found = _COMMAND.search(text)
    return "" if found is None else found["command"]


def differ(members: Sequence[Record]) -> bool:
    """Return whether members name several exit codes or missing things, none of them in most runs."""
    told = [
        *(
            {(each.path, value) for each in members for value in view.findall(each.text)}
            for view in _PARTICULARS
        ),
        {(each.path, thing) for each in members if (thing := missing_in(each.text)) is not None},
    ]
    return any(_are_several(Counter(value for _, value in named)) for named in told)


def _are_several(runs: Counter[str]) -> bool:
    return len(runs) > 1 and max(runs.values()) < _MOST * runs.total()

"""Read a model's answer: rewordings of the parts that it was asked about."""

import json
import re
from collections.abc import Collection, Mapping
from typing import Final, TypeAlias

from sync.patterns.handoff.worded import WordedPart
from sync.patterns.names import PatternId

Phrasing: TypeAlias = Mapping[WordedPart, str]

_FENCED: Final = re.compile(r"\s*```(?:json)?\s*\n(.*)\n\s*```\s*", re.DOTALL)


class NoAnswer(ValueError):
    """The answer cannot be used at all; the text is the reason, as a clause."""


def phrasings_in(answer: str, *, asked: Collection[PatternId]) -> Mapping[PatternId, Phrasing]:
    """Return the rewordings for each pattern in an answer.

    Args:
        answer: The model's answer.
        asked: The patterns that it was asked about.

    Raises:
        NoAnswer: It is not a list of rewordings of these patterns.
    """
    fenced = _FENCED.fullmatch(answer)
    try:
        given = json.loads(answer if fenced is None else fenced[1])
    except (ValueError, RecursionError):
        raise NoAnswer("it is no JSON") from None
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise NoAnswer("it is no list of patterns")
    ids = [each.get("id") for each in given]
    if not all(isinstance(each, str) and each in asked for each in ids):
        raise NoAnswer("it speaks of a pattern that it was not asked about")
    if len(set(ids)) < len(ids):
        raise NoAnswer("it speaks of a pattern twice")
    return {
        PatternId(each["id"]): {part: said for part in WordedPart if isinstance(said := each.get(part), str)}
        for each in given
    }

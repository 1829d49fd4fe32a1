"""How an execution ended, as its Outcome section says."""

import re

from sync.tracelog.model import Outcome
from sync.tracelog.parsing.reading import Reading
from sync.tracelog.rules import Rule
from sync.tracelog.sections import TokenizedSection
from sync.tracelog.words import texts_in

_FIRST_WORD = re.compile(r"[\W_]*(success|partial|failed)(?!-?[a-z0-9_])", re.IGNORECASE)


def read_outcome(part: TokenizedSection | None) -> Reading[Outcome | None]:
    """Read the section's first word."""
    if part is None or part.is_unfilled:
        return Reading(None)
    found = _FIRST_WORD.match(next(texts_in(part.tokens), ""))
    if found is None:
        return Reading(None, (Rule.UNKNOWN_OUTCOME.at(part.section.line),))
    return Reading(Outcome(found[1].capitalize()))

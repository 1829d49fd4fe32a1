"""How a hand-off came to its words, where a model had a part in them."""

from dataclasses import dataclass
from enum import StrEnum

from sync.patterns.names import PatternId


class WordedPart(StrEnum):
    """What of a pattern a model may word; nothing else of a hand-off is its to change."""

    NAME = "name"
    PROPOSAL = "proposal"
    EXPECTED = "expected"


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A part that stayed in the words of the logs; `why` is the rest of a sentence."""

    pattern: PatternId
    part: WordedPart
    why: str


@dataclass(frozen=True, slots=True)
class Worded:
    """A model has worded parts of a hand-off.

    Attributes:
        model: Its name.
        prompt: The SHA-256 of what it was asked.
        response: The SHA-256 of what it answered.
        changed: The parts that it worded.
        unchanged: What it was asked to word and did not word well enough.
    """

    model: str
    prompt: str
    response: str
    changed: tuple[tuple[PatternId, WordedPart], ...]
    unchanged: tuple[Unchanged, ...]

"""A model's part in the words of a hand-off."""

from dataclasses import dataclass
from enum import StrEnum

from sync.patterns.names import PatternId


class WordedPart(StrEnum):
    """The parts of an entry that a model may reword."""

    NAME = "name"
    PROPOSAL = "proposal"
    EXPECTED = "expected"


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A part whose rewording was rejected; `why` is the reason, as a clause."""

    pattern: PatternId
    part: WordedPart
    why: str


@dataclass(frozen=True, slots=True)
class Worded:
    """A model's part in the words of a hand-off.

    Attributes:
        model: The name of the model.
        prompt: The SHA-256 of the prompt.
        response: The SHA-256 of the answer.
        changed: The reworded parts.
        unchanged: The parts whose rewording was rejected.
    """

    model: str
    prompt: str
    response: str
    changed: tuple[tuple[PatternId, WordedPart], ...]
    unchanged: tuple[Unchanged, ...]

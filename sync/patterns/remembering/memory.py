"""The memory of patterns from one hand-off to the next, and its form in JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sync.patterns.names import PatternId, RecordKey
from sync.patterns.version import VERSION


class Answer(StrEnum):
    """A person's answer to a proposal."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Answered:
    """A person's answer, with its circumstances.

    Attributes:
        answer: The answer.
        runs: The number of runs with the pattern at that time.
        contract: The SHA-256 of the contract that the proposed diff was against; empty if there was none.
    """

    answer: Answer
    runs: int
    contract: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a pattern.

    Attributes:
        records: Its records when it was last found, sorted.
        name: The name that a person gave it; None if there is none.
        answered: A person's answer to a proposal for it; None if there is none.
        told: The number of runs with it and of all runs in the last hand-off; None if no hand-off had it.
    """

    records: tuple[RecordKey, ...]
    name: str | None = None
    answered: Answered | None = None
    told: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """The known patterns, a person's decisions about them, and the logs that were read.

    Attributes:
        known: The known patterns by id.
        merged: For each pattern that a person merged into another, the other.
        pinned: For each record that a person assigned to a pattern, the pattern.
        read: The paths of the logs that were last read together, sorted.
        last_groups: The last group of each record that was ever read: the id of its pattern, or another name
            if no other run had it.
    """

    known: Mapping[PatternId, Known] = field(default_factory=lambda: MappingProxyType({}))
    merged: Mapping[PatternId, PatternId] = field(default_factory=lambda: MappingProxyType({}))
    pinned: Mapping[RecordKey, PatternId] = field(default_factory=lambda: MappingProxyType({}))
    read: tuple[str, ...] = ()
    last_groups: Mapping[RecordKey, str] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, pattern: PatternId) -> Known:
        """Return what is known of a pattern, which is empty for an unknown one."""
        return self.known.get(pattern, Known(()))

    def leads_to(self, pattern: PatternId) -> PatternId:
        """Return the pattern that this one was finally merged into, or itself."""
        while pattern in self.merged:
            pattern = self.merged[pattern]
        return pattern

    def is_within(self, part: PatternId, whole: PatternId) -> bool:
        """Return whether a pattern is the other one or was merged into it."""
        while part != whole and part in self.merged:
            part = self.merged[part]
        return part == whole

    def with_known(self, pattern: PatternId, known: Known) -> "Memory":
        """Return the memory with other knowledge of one pattern."""
        return replace(self, known=MappingProxyType({**self.known, pattern: known}))


class MemoryUnreadable(ValueError):
    """The JSON is not a memory of patterns."""


def to_json(memory: Memory) -> dict[str, Any]:
    """Return the memory as JSON values, in a stable order."""
    return {
        "algorithm": VERSION,
        "patterns": {pattern: _known_to_json(memory.known[pattern]) for pattern in sorted(memory.known)},
        "merged": dict(sorted(memory.merged.items())),
        "pinned": dict(sorted(memory.pinned.items())),
        "read": list(memory.read),
        "stood": dict(sorted(memory.last_groups.items())),
    }


def from_json(value: object) -> Memory:
    """Read a memory from the values of `to_json`.

    Raises:
        MemoryUnreadable: It is something else.
    """
    try:
        return _from_json(value)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MemoryUnreadable(f"not a memory of patterns: {error}") from error


def _known_to_json(known: Known) -> dict[str, Any]:
    answered = known.answered
    return {
        "records": list(known.records),
        "name": known.name,
        "verdict": None if answered is None else _answered_to_json(answered),
        "told": None if known.told is None else list(known.told),
    }


def _answered_to_json(answered: Answered) -> dict[str, Any]:
    contract = {"contract": answered.contract} if answered.contract else {}
    return {"answer": str(answered.answer), "runs": answered.runs, **contract}


def _answered_from_json(value: Any) -> Answered:  # noqa: ANN401 - any JSON at all
    return Answered(Answer(value["answer"]), int(value["runs"]), str(value.get("contract", "")))


def _from_json(value: Any) -> Memory:  # noqa: ANN401 - any JSON at all
    return Memory(
        known=MappingProxyType({str(key): _known_from_json(each) for key, each in value["patterns"].items()}),
        merged=_without_circles({str(key): str(each) for key, each in value["merged"].items()}),
        pinned=MappingProxyType({str(key): str(each) for key, each in value["pinned"].items()}),
        read=_texts(value["read"]),
        last_groups=MappingProxyType({str(key): str(each) for key, each in value.get("stood", {}).items()}),
    )


def _known_from_json(value: Any) -> Known:  # noqa: ANN401 - any JSON at all
    answered, told, name = value["verdict"], value["told"], value["name"]
    return Known(
        records=_texts(value["records"]),
        name=None if name is None else str(name),
        answered=None if answered is None else _answered_from_json(answered),
        told=None if told is None else (int(told[0]), int(told[1])),
    )


def _texts(value: Sequence[object]) -> tuple[str, ...]:
    if isinstance(value, str):
        raise TypeError("a list of texts was expected")
    return tuple(str(each) for each in value)


def _without_circles(merged: Mapping[PatternId, PatternId]) -> Mapping[PatternId, PatternId]:
    for start in merged:
        seen = {start}
        pattern = start
        while pattern in merged:
            pattern = merged[pattern]
            if pattern in seen:
                raise ValueError(f"{start} was merged into itself")
            seen.add(pattern)
    return MappingProxyType(dict(merged))

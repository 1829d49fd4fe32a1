"""What an outside auditor was asked about patterns, and what he said: kept until he says something else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sync.patterns.names import PatternId, RecordKey


class Mark(StrEnum):
    """How an auditor judges; the value is how it is written."""

    HOLDS = "✓"
    DOUBTFUL = "⚠"
    FAILS = "✗"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What an auditor said of one pattern. It decides nothing.

    Attributes:
        note: In the auditor's words, without secrets and without what leads to a person, on one line.
        evidence: The records that he points to.
        until: The day of the newest log that he was given; empty when that is not known.
    """

    mark: Mark
    note: str
    evidence: tuple[RecordKey, ...]
    until: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the last bundle asked an auditor about.

    Attributes:
        patterns: Each pattern, and its records.
        alone: Other records that the auditor was given.
        until: The day of the newest log; empty when none gives any.
    """

    patterns: Mapping[PatternId, tuple[RecordKey, ...]] = field(default_factory=lambda: MappingProxyType({}))
    alone: tuple[RecordKey, ...] = ()
    until: str = ""


@dataclass(frozen=True, slots=True)
class Audited:
    """What is kept of audits."""

    asked: Asked = field(default_factory=Asked)
    opinions: Mapping[PatternId, tuple[Opinion, ...]] = field(default_factory=lambda: MappingProxyType({}))


def to_json(audited: Audited) -> dict[str, Any]:
    """Return it as JSON values, in a settled order."""
    asked = audited.asked
    return {
        "asked": {
            "patterns": {pattern: list(asked.patterns[pattern]) for pattern in sorted(asked.patterns)},
            "alone": list(asked.alone),
            "until": asked.until,
        },
        "opinions": {
            pattern: [
                {
                    "verdict": str(opinion.mark),
                    "note": opinion.note,
                    "evidence": list(opinion.evidence),
                    "until": opinion.until,
                }
                for opinion in audited.opinions[pattern]
            ]
            for pattern in sorted(audited.opinions)
        },
    }


def from_json(value: Any) -> Audited:  # noqa: ANN401 - any JSON at all
    """Read what `to_json` wrote; what is something else raises what Python raises."""
    asked = value["asked"]
    return Audited(
        Asked(
            MappingProxyType({str(key): _texts(each) for key, each in asked["patterns"].items()}),
            _texts(asked["alone"]),
            str(asked["until"]),
        ),
        MappingProxyType({str(key): tuple(map(_opinion, each)) for key, each in value["opinions"].items()}),
    )


def _opinion(value: Any) -> Opinion:  # noqa: ANN401 - any JSON at all
    return Opinion(Mark(value["verdict"]), str(value["note"]), _texts(value["evidence"]), str(value["until"]))


def _texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - any JSON at all
    if not isinstance(value, list):
        raise TypeError("a list of texts was expected")
    return tuple(map(str, value))

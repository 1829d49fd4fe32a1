"""The last questions to an outside auditor, and the latest opinion on each pattern."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sync.patterns.names import PatternId, RecordKey


class Mark(StrEnum):
    """An auditor's verdict, whose value is its sign."""

    HOLDS = "✓"
    DOUBTFUL = "⚠"
    FAILS = "✗"


@dataclass(frozen=True, slots=True)
class Opinion:
    """An auditor's opinion on one pattern, which decides nothing.

    Attributes:
        mark: The verdict.
        note: The note on one line, without secrets and personal details.
        evidence: The records that it refers to.
        until: The day of the newest log that the auditor was given; empty if it is not known.
    """

    mark: Mark
    note: str
    evidence: tuple[RecordKey, ...]
    until: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The content of the last bundle.

    Attributes:
        patterns: The patterns with their records.
        alone: The records that are in no pattern.
        until: The day of the newest log; empty if it is not known.
    """

    patterns: Mapping[PatternId, tuple[RecordKey, ...]] = field(default_factory=lambda: MappingProxyType({}))
    alone: tuple[RecordKey, ...] = ()
    until: str = ""


@dataclass(frozen=True, slots=True)
class Audited:
    """What is remembered of audits."""

    asked: Asked = field(default_factory=Asked)
    opinions: Mapping[PatternId, tuple[Opinion, ...]] = field(default_factory=lambda: MappingProxyType({}))


def to_json(audited: Audited) -> dict[str, Any]:
    """Return what is remembered of audits as JSON values, in a stable order."""
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
    """Read the values of `to_json`; on anything else Python's own errors are raised."""
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

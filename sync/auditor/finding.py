"""The findings in an auditor's answer."""

from dataclasses import dataclass

from sync.patterns.names import PatternId
from sync.patterns.remembering.opinion import Mark


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """An auditor's verdict on one pattern.

    Attributes:
        line: The line where it begins, from 1.
        pattern: The pattern.
        mark: The verdict.
        note: The note as written, without ids and signs.
        records: The evidence: ids of records, or what was written in their place.
    """

    line: int
    pattern: PatternId
    mark: Mark
    note: str
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Misunderstood:
    """A line, from 1, that looks like a finding and is none; `why` is the reason, as a clause."""

    line: int
    why: str

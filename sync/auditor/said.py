"""One thing that an auditor says, as it is understood."""

from dataclasses import dataclass

from sync.patterns.names import PatternId
from sync.patterns.remembering.opinion import Mark


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """What an auditor says of one pattern.

    Attributes:
        line: Where it begins, from 1.
        note: As written, without ids and signs.
        records: What he points to: ids of records, or whatever he wrote in their place.
    """

    line: int
    pattern: PatternId
    mark: Mark
    note: str
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Misunderstood:
    """A line, from 1, that seems to be a finding and cannot be taken for one; `why` ends that sentence."""

    line: int
    why: str

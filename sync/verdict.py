"""What became of a log."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What became of a log."""

    CREATED = "created"
    UPDATED = "updated"
    ADOPTED = "adopted"
    UNCHANGED = "unchanged"
    POSTPONED = "postponed"
    QUARANTINED = "quarantined"
    TRASHED = "trashed"
    VANISHED = "vanished"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The end of one reconciliation.

    Attributes:
        url: Where a person opens the page; empty when there is none.
        until: When to look again; only with POSTPONED.
        detail: Why, where the verdict does not say it.
    """

    verdict: Verdict
    url: str = ""
    until: datetime | None = None
    detail: str = ""

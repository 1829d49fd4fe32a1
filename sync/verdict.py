"""What became of a log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    DEPARTED = "departed"
    """The file is gone, and its page went the way that the settings say."""
    HELD = "held"
    """The file is gone, and its page stays until the files return or a person agrees."""
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The end of one reconciliation.

    Attributes:
        url: Where a person opens the page; empty when there is none.
        until: When to look again; only with POSTPONED.
        detail: Why, where the verdict does not say it.
        redacted: How many secrets of each kind were taken out of what was sent.
    """

    verdict: Verdict
    url: str = ""
    until: datetime | None = None
    detail: str = ""
    redacted: Mapping[str, int] = field(default_factory=dict)

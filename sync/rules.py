"""What the settings say about a reconciliation."""

from dataclasses import dataclass
from datetime import timedelta, tzinfo
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the settings say about a reconciliation.

    Attributes:
        root: The logs directory.
        host: Prefix of every key; empty for none.
        edition: Of the renderer and of the settings that shape a page; another one renders pages anew.
        zone: The machine's time zone.
        settle: How long after a lost answer Notion may still carry out the request.
        restore_trashed: Bring pages back that Jen moved to the trash.
    """

    root: Path
    host: str
    edition: str
    zone: tzinfo
    settle: timedelta
    restore_trashed: bool

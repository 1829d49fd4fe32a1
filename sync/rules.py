"""What the settings say about a reconciliation."""

from dataclasses import dataclass
from datetime import timedelta, tzinfo
from pathlib import Path

from sync.departure_decision import MaxDeletes, OnFileDeleted


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
        on_file_deleted: What becomes of the page of a log that is gone.
        max_deletes: How many pages may be trashed at once.
        keep_edits: What a person made of our blocks stays, unless the log itself changes there.
        saved_words: The directory for what a person wrote where it cannot be saved on the page.
        redact: Take secrets out of a log before anything of it leaves the machine.
    """

    root: Path
    host: str
    edition: str
    zone: tzinfo
    settle: timedelta
    restore_trashed: bool
    on_file_deleted: OnFileDeleted
    max_deletes: MaxDeletes
    keep_edits: bool
    saved_words: Path
    redact: bool

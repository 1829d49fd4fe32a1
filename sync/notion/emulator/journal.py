"""What happened: every request in order."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

WRITES = frozenset(("POST", "PATCH", "DELETE"))


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A request that was made of the emulator.

    Attributes:
        status: What was answered; None when the connection broke.
        applied: Whether it changed or read anything.
        size: Bytes of its body.
        fault: What befell it.
    """

    n: int
    time: datetime
    method: str
    path: str
    status: int | None
    applied: bool
    size: int
    fault: str | None = None

    @property
    def is_write(self) -> bool:
        """Tell whether it could change something; queries and searches are reads."""
        return self.method in WRITES and not self.path.endswith(("/query", "/search"))


class Journal:
    """All requests since the start or the last `clear`."""

    def __init__(self) -> None:
        self.entries: list[JournalEntry] = []
        self._n = 0

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[JournalEntry]:
        return iter(self.entries)

    def next_number(self) -> int:
        """Return the number of the next request, counted from 1."""
        self._n += 1
        return self._n

    def writes(self) -> list[JournalEntry]:
        """Return the requests that could change something."""
        return [entry for entry in self.entries if entry.is_write]

    def counts(self) -> dict[str, int]:
        """Return how many requests there were by method."""
        return dict(Counter(entry.method for entry in self.entries))

    def statuses(self) -> dict[str, int]:
        """Return how many requests there were by status; `cut` for those without an answer."""
        return dict(Counter(str(entry.status or "cut") for entry in self.entries))

    def clear(self) -> None:
        """Forget the requests so far; numbers go on."""
        self.entries.clear()

    def as_json(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        rows = [{**asdict(entry), "time": entry.time.isoformat()} for entry in self.entries]
        return {
            "counts": self.counts(),
            "statuses": self.statuses(),
            "writes": len(self.writes()),
            "entries": rows,
        }

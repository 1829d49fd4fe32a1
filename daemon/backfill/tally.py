"""Count what a backfill did."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import assert_never

from daemon.delegation import PATIENCE
from daemon.watching.compare import Judgement
from daemon.watching.scan import Unlistable
from daemon.worker import Job
from sync.errors import Ambiguous, Conflict, Transient
from sync.names import LogPath
from sync.verdict import Reconciled, Verdict

PATIENCE_WITH_NOTION = 10
"""Attempts at a log at which Notion itself fails: with the pauses between, as long as an outage may last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a backfill did; the fields of `backfill --json`.

    Attributes:
        unchanged: In step already, with or without a page that had to be found first.
        adopted: Those of the unchanged whose page was found in Notion.
        failed: Not in step for a reason that may pass; tried again by the next backfill or the daemon.
        unseen: Folders that could not be listed: nothing is known of the logs in them.
        stopped: A person ended it before all was done or Notion was reached.
        requests: Sent to Notion, of every kind.
    """

    created: int
    updated: int
    unchanged: int
    adopted: int
    trashed: int
    quarantined: int
    failed: int
    unseen: int
    stopped: bool
    requests: int
    seconds: float

    @property
    def in_step(self) -> bool:
        """Whether every log was seen to be in step with its page."""
        return not (self.quarantined or self.failed or self.unseen or self.stopped)

    def as_json(self) -> dict[str, float | bool]:
        """Return the fields for JSON."""
        return asdict(self) | {"seconds": round(self.seconds, 3)}


class End(StrEnum):
    """What has become of a log."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    ADOPTED = "adopted"
    TRASHED = "trashed"
    QUARANTINED = "quarantined"
    FAILED = "failed"
    GONE = "gone"


class Tally:
    """The logs of one backfill, and what has become of each so far."""

    def __init__(self) -> None:
        self._ends: dict[LogPath, End | None] = {}
        self._unseen = 0

    def add(self, judgements: Iterable[tuple[LogPath, Judgement]]) -> None:
        """Take in logs as the scan judged them."""
        at_once = {
            Judgement.IN_STEP: End.UNCHANGED,
            Judgement.QUARANTINED: End.QUARANTINED,
            Judgement.TRASHED: End.TRASHED,
            Judgement.DIFFERS: None,
            Judgement.OUTDATED: None,
        }
        self._ends.update((path, at_once[judgement]) for path, judgement in judgements)

    def miss(self, places: Collection[Unlistable]) -> None:
        """Take note of places that could not be looked at."""
        self._unseen += len(places)

    def note(self, job: Job) -> None:
        """Take note of a job; a page that it made counts as created whatever follows."""
        if job.path not in self._ends or self._ends[job.path] is End.CREATED:
            return
        end = _end(job)
        if end is not None:
            self._ends[job.path] = end

    def end(self, path: LogPath, end: End) -> None:
        """Take note of what has become of a log."""
        self._ends[path] = end

    @property
    def total(self) -> int:
        """How many logs there are."""
        return len(self._ends)

    @property
    def open(self) -> int:
        """How many are not done with."""
        return sum(end is None for end in self._ends.values())

    def summary(self, *, stopped: bool, requests: int, seconds: float) -> Summary:
        """Return the counts; what is not done with has failed."""
        ends = Counter(end or End.FAILED for end in self._ends.values())
        return Summary(
            created=ends[End.CREATED],
            updated=ends[End.UPDATED],
            unchanged=ends[End.UNCHANGED] + ends[End.ADOPTED],
            adopted=ends[End.ADOPTED],
            trashed=ends[End.TRASHED],
            quarantined=ends[End.QUARANTINED],
            failed=ends[End.FAILED],
            unseen=self._unseen,
            stopped=stopped,
            requests=requests,
            seconds=seconds,
        )


def _end(job: Job) -> End | None:
    match job.outcome:
        case Reconciled(verdict=verdict):
            return _of_verdict(verdict)
        case Transient():
            return None
        case Ambiguous() | Conflict():
            return End.FAILED if job.attempts + 1 >= PATIENCE_WITH_NOTION else None
        case _ if job.next_look is None:
            return End.QUARANTINED
        case _:
            return End.FAILED if job.attempts + 1 >= PATIENCE else None


def _of_verdict(verdict: Verdict) -> End | None:
    match verdict:
        case Verdict.POSTPONED:
            return None
        case Verdict.VANISHED | Verdict.IGNORED:
            return End.GONE
        case Verdict.DEPARTED:
            return End.TRASHED
        case Verdict.HELD:
            return End.FAILED
        case (
            Verdict.CREATED
            | Verdict.UPDATED
            | Verdict.UNCHANGED
            | Verdict.ADOPTED
            | Verdict.TRASHED
            | Verdict.QUARANTINED
        ):
            return End(verdict.value)
        case _:
            assert_never(verdict)

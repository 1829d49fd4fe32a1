"""Count what a backfill does: its progress while it works, its summary in the end."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TypeAlias, assert_never

from daemon.delegation import PATIENCE
from daemon.job import Job
from daemon.watching.compare import Judgement
from daemon.watching.scan import Unlistable
from sync.errors import Ambiguous, Conflict, Transient
from sync.names import LogPath
from sync.verdict import Reconciled, Verdict

PATIENCE_WITH_NOTION = 10
"""Attempts at a log while Notion itself fails: with the pauses between them, enough for a short outage."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a backfill has got.

    Attributes:
        total: The number of logs; 0 while they are not counted yet.
        done: The number of logs that are finished.
        waiting: Why nothing moves at the moment; empty if something does.
    """

    total: int
    done: int
    waiting: str = ""


ShowProgress: TypeAlias = Callable[[Progress], None]
"""Called with the progress, several times a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a backfill did; the fields of `backfill --json`.

    Attributes:
        unchanged: Logs that were in step already, including the adopted ones.
        adopted: Unchanged logs whose page this state did not know, and found in Notion.
        on_trust: Adopted logs whose page was not read back although it may differ: it may lack its end, as
            it took several requests to write, or a person edited it last.
        failed: Logs that are not in step for a reason that may pass; the next run tries them again.
        unseen: Folders that could not be listed, so that nothing is known of the logs in them.
        stopped: Whether a person ended the backfill before it was done, or before Notion was reached.
        requests: Requests of every kind that were sent to Notion.
    """

    created: int
    updated: int
    unchanged: int
    adopted: int
    on_trust: int
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


class LogResult(StrEnum):
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
    """Keep the logs of one backfill and what has become of each so far."""

    def __init__(self) -> None:
        self._results: dict[LogPath, LogResult | None] = {}
        self._unseen = 0

    def add(self, judgements: Iterable[tuple[LogPath, Judgement]]) -> None:
        """Add logs, each with the judgement of the scan."""
        at_once = {
            Judgement.IN_STEP: LogResult.UNCHANGED,
            Judgement.QUARANTINED: LogResult.QUARANTINED,
            Judgement.TRASHED: LogResult.TRASHED,
            Judgement.DIFFERS: None,
            Judgement.OUTDATED: None,
        }
        self._results.update((path, at_once[judgement]) for path, judgement in judgements)

    def miss(self, places: Collection[Unlistable]) -> None:
        """Count places that the scan could not look at."""
        self._unseen += len(places)

    def note(self, job: Job) -> None:
        """Record the result of a job; a page once created counts as created, whatever follows."""
        if job.path not in self._results or self._results[job.path] is LogResult.CREATED:
            return
        result = _result_of(job)
        if result is not None:
            self._results[job.path] = result

    def note_result(self, path: LogPath, result: LogResult) -> None:
        """Record what has become of a log."""
        self._results[path] = result

    @property
    def total(self) -> int:
        """The number of logs."""
        return len(self._results)

    @property
    def open(self) -> int:
        """The number of logs that are not finished."""
        return sum(result is None for result in self._results.values())

    def progress(self, waiting: str = "") -> Progress:
        """Return the progress; `waiting` says why nothing moves at the moment."""
        return Progress(self.total, self.total - self.open, waiting)

    def summary(
        self, *, unread: Collection[LogPath], stopped: bool, requests: int, seconds: float
    ) -> Summary:
        """Return the counts; unfinished logs count as failed.

        Args:
            unread: The logs whose page has yet to be read back.
            stopped: As in `Summary`.
            requests: As in `Summary`.
            seconds: How long the backfill took.
        """
        results = Counter(result or LogResult.FAILED for result in self._results.values())
        return Summary(
            created=results[LogResult.CREATED],
            updated=results[LogResult.UPDATED],
            unchanged=results[LogResult.UNCHANGED] + results[LogResult.ADOPTED],
            adopted=results[LogResult.ADOPTED],
            on_trust=sum(self._results.get(path) is LogResult.ADOPTED for path in unread),
            trashed=results[LogResult.TRASHED],
            quarantined=results[LogResult.QUARANTINED],
            failed=results[LogResult.FAILED],
            unseen=self._unseen,
            stopped=stopped,
            requests=requests,
            seconds=seconds,
        )


def _result_of(job: Job) -> LogResult | None:
    match job.outcome:
        case Reconciled(verdict=verdict):
            return _of_verdict(verdict)
        case Transient():
            return None
        case Ambiguous() | Conflict():
            return LogResult.FAILED if job.attempts + 1 >= PATIENCE_WITH_NOTION else None
        case _ if job.next_look is None:
            return LogResult.QUARANTINED
        case _:
            return LogResult.FAILED if job.attempts + 1 >= PATIENCE else None


def _of_verdict(verdict: Verdict) -> LogResult | None:
    match verdict:
        case Verdict.POSTPONED:
            return None
        case Verdict.VANISHED | Verdict.IGNORED:
            return LogResult.GONE
        case Verdict.DEPARTED:
            return LogResult.TRASHED
        case Verdict.HELD:
            return LogResult.FAILED
        case (
            Verdict.CREATED
            | Verdict.UPDATED
            | Verdict.UNCHANGED
            | Verdict.ADOPTED
            | Verdict.TRASHED
            | Verdict.QUARANTINED
        ):
            return LogResult(verdict.value)
        case _:
            assert_never(verdict)

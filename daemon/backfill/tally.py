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
        on_trust: Those of the adopted that were not read back, though their page took several requests to
            make and may lack its end, or a person was there last.
        failed: Not in step for a reason that may pass; tried again by the next backfill or the daemon.
        unseen: Folders that could not be listed: nothing is known of the logs in them.
        stopped: A person ended it before all was done or Notion was reached.
        requests: Sent to Notion, of every kind.
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
    """The logs of one backfill, and what has become of each so far."""

    def __init__(self) -> None:
        self._results: dict[LogPath, LogResult | None] = {}
        self._unseen = 0

    def add(self, judgements: Iterable[tuple[LogPath, Judgement]]) -> None:
        """Take in logs as the scan judged them."""
        at_once = {
            Judgement.IN_STEP: LogResult.UNCHANGED,
            Judgement.QUARANTINED: LogResult.QUARANTINED,
            Judgement.TRASHED: LogResult.TRASHED,
            Judgement.DIFFERS: None,
            Judgement.OUTDATED: None,
        }
        self._results.update((path, at_once[judgement]) for path, judgement in judgements)

    def miss(self, places: Collection[Unlistable]) -> None:
        """Take note of places that could not be looked at."""
        self._unseen += len(places)

    def note(self, job: Job) -> None:
        """Take note of a job; a page that it made counts as created whatever follows."""
        if job.path not in self._results or self._results[job.path] is LogResult.CREATED:
            return
        result = _result_of(job)
        if result is not None:
            self._results[job.path] = result

    def note_result(self, path: LogPath, result: LogResult) -> None:
        """Take note of what has become of a log."""
        self._results[path] = result

    @property
    def total(self) -> int:
        """How many logs there are."""
        return len(self._results)

    @property
    def open(self) -> int:
        """How many are not done with."""
        return sum(result is None for result in self._results.values())

    def summary(
        self, *, unread: Collection[LogPath], stopped: bool, requests: int, seconds: float
    ) -> Summary:
        """Return the counts; what is not done with has failed.

        Args:
            unread: The logs whose page is still to be read back.
            stopped: As in `Summary`.
            requests: As in `Summary`.
            seconds: How long it took.
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

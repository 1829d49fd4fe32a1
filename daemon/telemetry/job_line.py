"""The log line of a job, and of a change of the breaker."""

from dataclasses import asdict
from typing import Any

import structlog

from daemon.breaker import Breaker, Closed, Open
from daemon.job import Job
from sync.errors import AccessLost, StateUnusable, SyncError, Transient
from sync.names import LogPath
from sync.planning.page_state import page_id_of
from sync.state.store import Store
from sync.verdict import Reconciled, Verdict

log = structlog.get_logger("daemon")

_UNEVENTFUL = frozenset((Verdict.UNCHANGED, Verdict.VANISHED, Verdict.IGNORED))


def tell_job(job: Job, store: Store) -> None:
    """Write the one log line of a job."""
    fields: dict[str, Any] = {
        "path": job.path,
        "lane": job.lane.name.lower(),
        "requests": job.requests,
        "seconds": round(job.seconds, 3),
        "page_id": _page_id(store, job.path),
    }
    match job.outcome:
        case Reconciled(verdict=verdict, detail=detail) if verdict in _UNEVENTFUL:
            log.debug("log.looked_at", verdict=verdict.value, detail=detail, **fields)
        case Reconciled(verdict=verdict, url=url, detail=detail, redacted=redacted):
            if redacted:
                fields["redacted"] = dict(redacted)
            log.info("log.synced", verdict=verdict.value, url=url, detail=detail, **fields)
        case Transient() | AccessLost() | StateUnusable() as error if job.next_look is not None:
            # This concerns every log, and `notion.unusable` reports it once for all of them.
            log.debug("log.failed", error=str(error), again_at=job.next_look.isoformat(), **fields)
        case Exception() as error if job.next_look is not None:
            log.warning("log.failed", error=str(error), again_at=job.next_look.isoformat(), **fields)
        case Exception() as error:
            # An expected error is a sentence; only a defect has a traceback.
            trace = None if isinstance(error, SyncError) else error
            log.error("log.quarantined", error=str(error), exc_info=trace, **fields)


def tell_breaker(breaker: Breaker) -> None:
    """Write the log line of an outage's begin or end."""
    match breaker:
        case Open(cause=cause, until=until):
            log.error("notion.unusable", **asdict(cause), next_attempt=until.isoformat())
        case Closed():
            log.info("notion.usable_again")


def _page_id(store: Store, path: LogPath) -> str:
    """Return the id of a log's page; empty if there is none or the state is unusable."""
    try:
        record = store.page(path)
    except StateUnusable:
        return ""
    return "" if record is None else page_id_of(record.page) or ""

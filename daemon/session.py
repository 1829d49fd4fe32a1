"""Everything that one run of the daemon or of a backfill holds open: state, gateway, reconciler."""

import json
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import structlog
from pydantic import SecretStr
from tzlocal import get_localzone

from daemon.advice import Advice
from daemon.breaker import Breaker, Closed, Open
from daemon.clock import utc_now
from daemon.config.settings import Settings, edition_of
from daemon.config.values import OnPageEdited, OnPageTrashed
from daemon.presence.lock import StateLock
from daemon.presence.pulse import Pulse, Role
from daemon.presence.vitals import Vitals
from daemon.worker import Job, Worker
from sync.comparison.inventory import take_inventory
from sync.convergence.saved_words import SAVED_WORDS
from sync.errors import AccessLost, StateUnusable, SyncError, Transient
from sync.names import LogPath, Property
from sync.notion.calls import open_calls
from sync.notion.client import Renew, http_client
from sync.notion.connect import Wanted
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.planning.page_state import Absent
from sync.reconcile import Reconciler
from sync.rules import Rules
from sync.state.backlog import Backlog
from sync.state.place import Place, remember_place
from sync.state.store import Store
from sync.verdict import Reconciled, Verdict

log = structlog.get_logger("daemon")

_PROPERTY_IDS = "property_ids"
_UNEVENTFUL = frozenset((Verdict.UNCHANGED, Verdict.VANISHED, Verdict.IGNORED))


@dataclass(frozen=True, slots=True)
class Session:
    """What is open while work is done."""

    settings: Settings
    store: Store
    backlog: Backlog
    gateway: Gateway
    reconciler: Reconciler
    worker: Worker
    rules: Rules
    advice: Advice
    vitals: Vitals

    async def connect(self, *, rehearsing: bool = False) -> int:
        """Bind the database and find the pages that are already there; return how many were adopted."""
        connection = await self.gateway.connect(rehearsing=rehearsing)
        self.advice.give(self.gateway.warnings)
        ids = {ours.name: bound for ours, bound in connection.schema.ids.items()}
        self.store.remember(_PROPERTY_IDS, json.dumps(ids))
        remember_place(self.store, Place(connection.title, connection.url))
        adopted = await take_inventory(
            self.gateway, self.store, connection, host=self.settings.host, now=utc_now
        )
        # Asked here, so that no edit of one line has to wait and pay for it.
        await self.gateway.me(lane=Lane.CHECK)
        log.info(
            "notion.connected",
            database=connection.title,
            data_source=connection.data_source_id,
            added=list(connection.added),
            adopted=adopted,
        )
        return adopted


@asynccontextmanager
async def open_session(  # noqa: PLR0913 - what a session depends on
    settings: Settings,
    token: SecretStr,
    store: Store,
    *,
    transport: httpx.AsyncBaseTransport | None,
    note: Callable[[Job], None],
    renew: Renew = lambda: None,
    lock: StateLock | None = None,
    role: Role = Role.DAEMON,
) -> AsyncIterator[Session]:
    """Open a session on an open state store, whose lock the caller holds.

    Args:
        settings: The settings.
        token: For Notion.
        store: The state; the caller closes it.
        transport: Answers instead of the network; None: the network.
        note: Told of every log that was worked on.
        renew: Looks for the token again when it is not accepted.
        lock: Shows how the process is doing; None: nobody is to know.
        role: What the process is there for.
    """
    jitter = random.SystemRandom().random
    rules = rules_of(settings)
    backlog, advice = Backlog(store), Advice(store, utc_now)

    def show(pulse: Pulse) -> None:
        if lock is not None:
            lock.show(pulse.as_text())

    def report(event: Job | Breaker) -> None:
        if isinstance(event, Job):
            tell(event, page_id=_page_id(store, event.path))
            note(event)
            advice.give(gateway.warnings)
            vitals.worked(event)
        else:
            tell_breaker(event)
            vitals.turned(event)

    async with http_client(transport=transport) as http:
        gateway = Gateway(
            open_calls(
                http,
                token=token.get_secret_value(),
                base_url=settings.notion_base_url,
                per_minute=settings.requests_per_minute,
                settle=rules.settle,
                renew=renew,
            ),
            Wanted(
                database=settings.notion_database_id,
                names=settings.property_names,
                ids=property_ids(store),
                manage_schema=settings.manage_schema,
            ),
        )
        vitals = Vitals(role, edition=rules.edition, budget=lambda: gateway.budget, now=utc_now, show=show)
        reconciler = Reconciler(rules, store, gateway, utc_now)
        worker = Worker(backlog, reconciler, now=utc_now, jitter=jitter, report=report)
        async with vitals.shown():
            yield Session(settings, store, backlog, gateway, reconciler, worker, rules, advice, vitals)


def rules_of(settings: Settings) -> Rules:
    """Return what the settings say about a reconciliation."""
    return Rules(
        root=settings.logs_dir,
        host=settings.host,
        edition=edition_of(settings),
        zone=get_localzone(),
        settle=timedelta(seconds=settings.settle_seconds),
        restore_trashed=settings.on_page_trashed is OnPageTrashed.RESTORE,
        on_file_deleted=settings.on_file_deleted,
        max_deletes=settings.max_deletes,
        keep_edits=settings.on_page_edited is OnPageEdited.REPORT,
        saved_words=settings.state_dir / SAVED_WORDS,
        redact=settings.redact,
    )


def property_ids(store: Store) -> dict[Property, str]:
    """Return the ids of the properties at the last connection: they outlive a renaming in Notion."""
    ids = json.loads(store.fact(_PROPERTY_IDS) or "{}")
    return {Property[name]: bound for name, bound in ids.items()}


def _page_id(store: Store, path: LogPath) -> str:
    """Return the id of a log's page, for the log; empty when there is none or the state cannot say."""
    try:
        record = store.pages((path,)).get(path)
    except StateUnusable:
        return ""
    return "" if record is None or isinstance(record.page, Absent) else record.page.page_id or ""


def tell(job: Job, *, page_id: str) -> None:
    """Write the one log line of a job."""
    fields: dict[str, Any] = {
        "path": job.path,
        "lane": job.lane.name.lower(),
        "requests": job.requests,
        "seconds": round(job.seconds, 3),
        "page_id": page_id,
    }
    match job.outcome:
        case Reconciled(verdict=verdict, detail=detail) if verdict in _UNEVENTFUL:
            log.debug("log.looked_at", verdict=verdict.value, detail=detail, **fields)
        case Reconciled(verdict=verdict, url=url, detail=detail, redacted=redacted):
            if redacted:
                fields["redacted"] = dict(redacted)
            log.info("log.synced", verdict=verdict.value, url=url, detail=detail, **fields)
        case Transient() | AccessLost() | StateUnusable() as error if job.next_look is not None:
            # It concerns every log, and `notion.unusable` has told it once for all of them.
            log.debug("log.failed", error=str(error), again_at=job.next_look.isoformat(), **fields)
        case Exception() as error if job.next_look is not None:
            log.warning("log.failed", error=str(error), again_at=job.next_look.isoformat(), **fields)
        case Exception() as error:
            trace = (
                None if isinstance(error, SyncError) else error
            )  # what is understood is told in a sentence
            log.error("log.quarantined", error=str(error), exc_info=trace, **fields)


def tell_breaker(breaker: Breaker) -> None:
    """Say that Notion cannot be worked with, or can again."""
    match breaker:
        case Open(what=what, hint=hint, until=until, access=access):
            log.error(
                "notion.unusable", needs_a_person=access, what=what, hint=hint, next_attempt=until.isoformat()
            )
        case Closed():
            log.info("notion.usable_again")

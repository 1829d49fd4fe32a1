"""Everything that one run of the daemon or of a backfill holds open: state, gateway, reconciler."""

import json
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import structlog
from pydantic import SecretStr
from tzlocal import get_localzone

from daemon.breaker import Breaker, Closed, Open
from daemon.clock import utc_now
from daemon.config.settings import Settings, edition_of
from daemon.config.values import OnPageEdited, OnPageTrashed
from daemon.outage import record_outage
from daemon.worker import Job, Worker
from sync.comparison.inventory import take_inventory
from sync.convergence.saved_words import SAVED_WORDS
from sync.errors import StateUnusable
from sync.names import Property
from sync.notion.client import http_client
from sync.notion.connect import Wanted
from sync.notion.gateway import Gateway, open_gateway
from sync.reconcile import Reconciler
from sync.rules import Rules
from sync.state.backlog import Backlog
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
    advice: "Advice"

    async def connect(self, *, rehearsing: bool = False) -> int:
        """Bind the database and find the pages that are already there; return how many were adopted."""
        connection = await self.gateway.connect(rehearsing=rehearsing)
        self.advice.give(self.gateway.warnings)
        ids = {ours.name: bound for ours, bound in connection.schema.ids.items()}
        self.store.remember(_PROPERTY_IDS, json.dumps(ids))
        adopted = await take_inventory(
            self.gateway, self.store, connection, host=self.settings.host, now=utc_now
        )
        log.info(
            "notion.connected",
            database=connection.title,
            data_source=connection.data_source_id,
            added=list(connection.added),
            adopted=adopted,
        )
        return adopted


class OutageRecord:
    """The breaker as the state remembers it. While nothing can be written, it is kept until something can."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._unwritten: Breaker | None = None
        self._is_told = False

    def keep(self, breaker: Breaker) -> None:
        """Remember the breaker as it is now, later where that fails; it never raises."""
        self._unwritten = breaker
        self.catch_up()

    def catch_up(self) -> None:
        """Write down what could not be written before; it never raises."""
        if self._unwritten is None:
            return
        try:
            record_outage(self._store, self._unwritten)
        except StateUnusable as error:
            if not self._is_told:
                log.error("outage.not_recorded", what=error.what, hint=error.hint)
            self._is_told = True
        else:
            self._unwritten, self._is_told = None, False


class Advice:
    """What a person may want to mend in the database: said when it comes up, not again while it stands."""

    def __init__(self) -> None:
        self._given: frozenset[str] = frozenset()

    def give(self, warnings: Sequence[str]) -> None:
        """Write a log line for each warning that was not there before."""
        for warning in dict.fromkeys(warnings):
            if warning not in self._given:
                log.warning("schema.warning", detail=warning)
        self._given = frozenset(warnings)


@asynccontextmanager
async def open_session(
    settings: Settings,
    token: SecretStr,
    store: Store,
    *,
    transport: httpx.AsyncBaseTransport | None,
    note: Callable[[Job], None],
) -> AsyncIterator[Session]:
    """Open a session on an open state store, whose lock the caller holds.

    Args:
        settings: The settings.
        token: For Notion.
        store: The state; the caller closes it.
        transport: Answers instead of the network; None: the network.
        note: Told of every log that was worked on.
    """
    jitter = random.SystemRandom().random
    rules = rules_of(settings)
    backlog, advice, record = Backlog(store), Advice(), OutageRecord(store)

    def report(event: Job | Breaker) -> None:
        if isinstance(event, Job):
            tell(event)
            note(event)
            advice.give(gateway.warnings)
            record.catch_up()
        else:
            tell_breaker(event)
            record.keep(event)

    async with http_client(transport=transport) as http:
        gateway = open_gateway(
            http,
            Wanted(
                database=settings.notion_database_id,
                names=settings.property_names,
                ids=_property_ids(store),
                manage_schema=settings.manage_schema,
            ),
            token=token.get_secret_value(),
            base_url=settings.notion_base_url,
            per_minute=settings.requests_per_minute,
            settle=rules.settle,
        )
        reconciler = Reconciler(rules, store, gateway, utc_now)
        worker = Worker(backlog, reconciler, now=utc_now, jitter=jitter, report=report)
        record.keep(Closed())
        yield Session(settings, store, backlog, gateway, reconciler, worker, rules, advice)


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


def _property_ids(store: Store) -> dict[Property, str]:
    """Return the ids of the properties at the last connection: they outlive a renaming in Notion."""
    ids = json.loads(store.fact(_PROPERTY_IDS) or "{}")
    return {Property[name]: bound for name, bound in ids.items()}


def tell(job: Job) -> None:
    """Write the one log line of a job."""
    fields: dict[str, Any] = {
        "path": job.path,
        "lane": job.lane.name.lower(),
        "ms": round(job.seconds * 1000),
    }
    match job.outcome:
        case Reconciled(verdict=verdict, detail=detail) if verdict in _UNEVENTFUL:
            log.debug("log.looked_at", verdict=verdict.value, detail=detail, **fields)
        case Reconciled(verdict=verdict, url=url, detail=detail, redacted=redacted):
            if redacted:
                fields["redacted"] = dict(redacted)
            log.info("log.synced", verdict=verdict.value, url=url, detail=detail, **fields)
        case Exception() as error if job.next_look is not None:
            log.warning("log.failed", error=str(error), again_at=job.next_look.isoformat(), **fields)
        case Exception() as error:
            log.error("log.quarantined", error=str(error), exc_info=error, **fields)


def tell_breaker(breaker: Breaker) -> None:
    """Say that Notion cannot be worked with, or can again."""
    match breaker:
        case Open(what=what, hint=hint, until=until, access=access):
            log.error(
                "notion.unusable", needs_a_person=access, what=what, hint=hint, next_attempt=until.isoformat()
            )
        case Closed():
            log.info("notion.usable_again")

"""Everything that one run of the daemon or of a backfill holds open: state, gateway, reconciler."""

import random
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

import httpx
import structlog
from tzlocal import get_localzone

from daemon.advice import Advice
from daemon.breaker import Breaker
from daemon.clock import utc_now
from daemon.config.secret import Secret
from daemon.config.settings import Settings, edition_of
from daemon.config.values import OnPageEdited, OnPageTrashed
from daemon.connecting import calls_of, tell_sharing, wanted_of
from daemon.presence.lock import StateLock
from daemon.presence.pulse import Pulse, Role
from daemon.presence.vitals import Vitals
from daemon.remembered_author import remember_author, remembered_author, token_mark
from daemon.telemetry.job_line import tell_breaker, tell_job
from daemon.worker import Job, Worker
from sync.comparison.inventory import take_inventory
from sync.convergence.saved_words import SAVED_WORDS
from sync.errors import StateUnusable
from sync.notion.client import Renew, http_client
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane, Sharing
from sync.reconcile import Reconciler
from sync.rules import Rules
from sync.state.backlog import Backlog
from sync.state.fleet import remember_hosts, remembered_hosts
from sync.state.place import Place, remember_named, remember_place
from sync.state.property_ids import remember_property_ids, remembered_property_ids
from sync.state.store import Store

log = structlog.get_logger("daemon")


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
    token_mark: str

    async def connect(self, *, rehearsing: bool = False) -> int:
        """Bind the database and find the pages that are already there; return how many were adopted."""
        connection = await self.gateway.connect(rehearsing=rehearsing, tell_wait=_tell_wait)
        self.advice.give(self.gateway.warnings)
        remember_property_ids(self.store, connection.schema.ids)
        remember_place(self.store, Place(connection.title, connection.url))
        remember_named(self.store, self.settings.notion_database_id)
        adopted = await take_inventory(
            self.gateway, self.store, connection, host=self.settings.host, now=utc_now
        )
        # Asked here, so that no edit of one line has to wait and pay for it.
        author = await self.gateway.me(lane=Lane.CHECK)
        if self.gateway.signature.is_of_first_token:
            remember_author(self.store, author, mark=self.token_mark)
        log.info(
            "notion.connected",
            database=connection.title,
            data_source=connection.data_source_id,
            added=list(connection.added),
            adopted=adopted,
        )
        return adopted


def _tell_wait(wait: timedelta) -> None:
    log.warning(
        "schema.in_doubt",
        what="Notion's answer was lost; whether it has added the properties is looked up after a while",
        seconds=round(wait.total_seconds(), 1),
    )


@asynccontextmanager
async def open_session(  # noqa: PLR0913 - what a session depends on
    settings: Settings,
    token: Secret,
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
    mark = token_mark(token.reveal())

    def show(pulse: Pulse) -> None:
        if lock is not None:
            lock.show(pulse.as_text())

    def report(event: Job | Breaker) -> None:
        if isinstance(event, Job):
            tell_job(event, store)
            note(event)
            advice.give(gateway.warnings)
            vitals.worked(event)
        else:
            tell_breaker(event)
            vitals.turned(event)

    def count(sharing: Sharing) -> None:
        tell_sharing(sharing)
        with suppress(StateUnusable):
            remember_hosts(store, sharing.hosts)

    hosts = remembered_hosts(store)
    async with (
        http_client(transport=transport) as http,
        aclosing(calls_of(settings, token, http, renew=renew, hosts=hosts, count=count)) as calls,
    ):
        wanted = wanted_of(settings, ids=remembered_property_ids(store))
        gateway = Gateway(calls, wanted, remembered_author(store, mark=mark))
        vitals = Vitals(role, edition=rules.edition, budget=lambda: gateway.budget, now=utc_now, show=show)
        reconciler = Reconciler(rules, store, gateway, utc_now)
        worker = Worker(backlog, reconciler, now=utc_now, jitter=jitter, report=report)
        async with vitals.shown():
            yield Session(settings, store, backlog, gateway, reconciler, worker, rules, advice, vitals, mark)


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

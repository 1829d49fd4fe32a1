"""What a run of the daemon, a backfill or a repair works with: state, gateway, reconciler, worker."""

import random
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
import structlog

from daemon.advice import Advice
from daemon.breaker import Breaker
from daemon.clock import utc_now
from daemon.config.secret import Secret
from daemon.config.settings import Settings, edition_of
from daemon.config.values import OnPageEdited, OnPageTrashed
from daemon.connecting import additions_in, calls_of, tell_sharing, wanted_of
from daemon.job import Job
from daemon.local_zone import local_zone
from daemon.presence.lock import StateLock
from daemon.presence.pulse import Pulse, Role
from daemon.presence.vitals import Vitals
from daemon.remembered_author import remember_author, remembered_author, token_mark
from daemon.telemetry.job_line import tell_breaker, tell_job
from daemon.worker import Worker
from sync.comparison.inventory import take_inventory
from sync.convergence.saved_words import SAVED_WORDS
from sync.errors import StateUnusable
from sync.notion.client import Renew, http_client
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane, Sharing
from sync.reconcile import Reconciler
from sync.rules import Rules
from sync.state.backlog import Backlog
from sync.state.facts import (
    Place,
    remember_hosts,
    remember_named,
    remember_place,
    remember_property_ids,
    remembered_hosts,
    remembered_property_ids,
)
from sync.state.store import Store

log = structlog.get_logger("daemon")


@dataclass(frozen=True, slots=True)
class Session:
    """The open resources of one run."""

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
        """Bind the database, take stock of its pages, and return how many were adopted."""
        connection = await self.gateway.connect(rehearsing=rehearsing, tell_wait=_tell_wait)
        self.advice.give(self.gateway.warnings)
        remember_property_ids(self.store, connection.schema.ids)
        remember_place(self.store, Place(connection.title, connection.url))
        remember_named(self.store, self.settings.notion_database_id)
        adopted = await take_inventory(
            self.gateway, self.store, connection, host=self.settings.host, now=utc_now
        )
        # Asked now, so that the first small edit does not pay for this request.
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
    note: Callable[[Job], None] = lambda _: None,
    renew: Renew = lambda: None,
    lock: StateLock | None = None,
    role: Role = Role.DAEMON,
) -> AsyncIterator[Session]:
    """Open a session on a state store; the caller holds its lock and closes it.

    Args:
        settings: The settings.
        token: The Notion token.
        store: The open state.
        transport: Replaces the network, for tests; None for the network.
        note: Called with every job.
        renew: Looks the token up again after Notion has rejected it.
        lock: The held lock, in which the pulse is published; None to publish none.
        role: What this process is for.
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
        additions = additions_in(store, settle=rules.settle, now=utc_now)
        wanted = replace(wanted_of(settings, ids=remembered_property_ids(store)), additions=additions)
        gateway = Gateway(calls, wanted, remembered_author(store, mark=mark))
        vitals = Vitals(role, edition=rules.edition, budget=lambda: gateway.budget, now=utc_now, show=show)
        reconciler = Reconciler(rules, store, gateway, utc_now)
        worker = Worker(backlog, reconciler, now=utc_now, jitter=jitter, report=report)
        async with vitals.shown():
            yield Session(settings, store, backlog, gateway, reconciler, worker, rules, advice, vitals, mark)


def rules_of(settings: Settings) -> Rules:
    """Return the rules of reconciliation that these settings give."""
    return Rules(
        root=settings.logs_dir,
        host=settings.host,
        edition=edition_of(settings),
        zone=local_zone(),
        settle=timedelta(seconds=settings.settle_seconds),
        restore_trashed=settings.on_page_trashed is OnPageTrashed.RESTORE,
        on_file_deleted=settings.on_file_deleted,
        max_deletes=settings.max_deletes,
        keep_edits=settings.on_page_edited is OnPageEdited.REPORT,
        saved_words=settings.state_dir / SAVED_WORDS,
        redact=settings.redact,
    )

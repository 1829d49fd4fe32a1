"""What the settings say about Notion: where it is, how fast it may be asked, which database is wanted."""

import secrets
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import httpx
import structlog

from daemon.config.secret import Secret
from daemon.config.settings import Settings
from daemon.extras import installing
from sync.errors import ConfigurationError
from sync.names import Property
from sync.notion.additions import Additions
from sync.notion.calls import ATTEMPTS, Calls, open_calls
from sync.notion.client import Renew
from sync.notion.connect import Wanted
from sync.notion.limiter import Limiter, Sharing
from sync.state.facts import remember_addition, remembered_addition
from sync.state.store import Store

log = structlog.get_logger("daemon")

Count = Callable[[Sharing], None]
"""Told whenever it changes with whom the budget is shared."""


def calls_of(  # noqa: PLR0913 - what a request depends on
    settings: Settings,
    token: Secret,
    http: httpx.AsyncClient,
    *,
    attempts: int = ATTEMPTS,
    renew: Renew = lambda: None,
    hosts: int = 0,
    count: Count = lambda _: None,
) -> Calls:
    """Return calls to the Notion of the settings, for the caller to close; the HTTP client is its own matter.

    Args:
        settings: The settings.
        token: For Notion.
        http: From `http_client`.
        attempts: How often a request is sent that was surely not applied.
        renew: Looks for the token again when it is not accepted.
        hosts: How many shared the budget when last heard of; 0 when that is not known.
        count: Told whenever it changes with whom the budget is shared.

    Raises:
        ConfigurationError: The budget is to be shared, and what that takes is not installed.
    """
    return open_calls(
        http,
        token=token.reveal(),
        base_url=settings.notion_base_url,
        per_minute=settings.requests_per_minute,
        settle=timedelta(seconds=settings.settle_seconds),
        attempts=attempts,
        renew=renew,
        limiter=_shared(settings, token, hosts=hosts, count=count),
    )


def _shared(settings: Settings, token: Secret, *, hosts: int, count: Count) -> Limiter | None:
    """Return the budget that several machines share; None when it is this process's own."""
    if settings.budget_url is None:
        return None
    try:
        from sync.notion.fleet.ledger import Behaviour  # noqa: PLC0415 - only who shares pays for it
        from sync.notion.fleet.limiter import FleetLimiter  # noqa: PLC0415 - same
        from sync.notion.fleet.redis_ledger import RedisLedger, budget_name  # noqa: PLC0415 - same
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "redis":
            raise
        raise ConfigurationError(
            "AI_TRACES_BUDGET_URL is set, and what it takes to share a budget is not installed",
            f"Run: {installing('fleet')}, or unset AI_TRACES_BUDGET_URL",
        ) from None

    url, name = settings.budget_url.reveal(), budget_name(token.reveal())
    try:
        ledger = RedisLedger(url, name=name, behaviour=Behaviour())
    except (ValueError, TypeError):  # told without its words, which may quote the password
        raise ConfigurationError(
            "AI_TRACES_BUDGET_URL cannot be used",
            "Write it as redis://:PASSWORD@HOST:6379/0, with no option that redis-py does not know",
        ) from None
    return FleetLimiter(
        settings.requests_per_minute,
        time.monotonic,
        ledger,
        host=f"{settings.host or 'host'}-{secrets.token_hex(4)}",
        hosts=hosts,
        report=count,
    )


def tell_sharing(sharing: Sharing) -> None:
    """Say in the log with whom the budget is shared, or why this machine keeps to its share alone."""
    if sharing.trouble:
        log.warning("budget.alone", what=sharing.trouble, hint=sharing.hint, hosts=sharing.hosts)
    else:
        log.info("budget.shared", hosts=sharing.hosts)


def wanted_of(settings: Settings, *, ids: Mapping[Property, str], database: str | None = None) -> Wanted:
    """Return what the settings want of the database, or of another one in its place.

    Args:
        settings: The settings.
        ids: Those of our properties at the last connection.
        database: The id of the other one; None: that of the settings.
    """
    return Wanted(
        database=settings.notion_database_id if database is None else database,
        names=settings.property_names,
        ids=ids,
        manage_schema=settings.manage_schema,
    )


def additions_in(store: Store, *, settle: timedelta, now: Callable[[], datetime]) -> Additions:
    """Return what the state remembers of an addition of properties that is on its way.

    Args:
        store: The state.
        settle: How long one may be carried out whose answer was lost.
        now: Tells the time.
    """

    def in_doubt() -> timedelta:
        until = remembered_addition(store)
        return timedelta() if until is None else max(timedelta(), min(until - now(), settle))

    return Additions(
        in_doubt=in_doubt,
        begin=lambda: remember_addition(store, now() + settle),
        end=lambda: remember_addition(store, None),
    )

"""What the settings say about Notion: where it is, how fast it may be asked, which database is wanted."""

from collections.abc import Mapping
from datetime import timedelta

import httpx
from pydantic import SecretStr

from daemon.config.settings import Settings
from sync.names import Property
from sync.notion.calls import ATTEMPTS, Calls, open_calls
from sync.notion.client import Renew
from sync.notion.connect import Wanted


def calls_of(
    settings: Settings,
    token: SecretStr,
    http: httpx.AsyncClient,
    *,
    attempts: int = ATTEMPTS,
    renew: Renew = lambda: None,
) -> Calls:
    """Return calls to the Notion of the settings; the HTTP client stays the caller's to close.

    Args:
        settings: The settings.
        token: Notion's.
        http: From `http_client`.
        attempts: How often a request is sent that was surely not applied.
        renew: Looks for the token again when it is not accepted.
    """
    return open_calls(
        http,
        token=token.get_secret_value(),
        base_url=settings.notion_base_url,
        per_minute=settings.requests_per_minute,
        settle=timedelta(seconds=settings.settle_seconds),
        attempts=attempts,
        renew=renew,
    )


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

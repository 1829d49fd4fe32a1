"""Publish a hand-off with all that this takes: Notion, and the state of hand-offs' pages."""

from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from urllib.parse import unquote

import httpx

from daemon.clock import utc_now
from daemon.config.secret import Secret
from daemon.config.settings import Settings
from daemon.connecting import calls_of, tell_sharing, wanted_of
from daemon.patterns.linking import Linked, LinkTarget, link_back
from daemon.patterns.publishing import Publisher
from daemon.presence.lock import StateLock
from daemon.session import rules_of
from daemon.state_dir import open_state
from sync.convergence.writing import NotYet
from sync.errors import Transient
from sync.names import LogPath, Property
from sync.notion.client import http_client
from sync.notion.gateway import Gateway
from sync.patterns.handoff.handoff import Handoff
from sync.patterns.handoff.telling import quoted
from sync.state.facts import remembered_property_ids
from sync.state.store import Store

DIRECTORY = "handoffs"
"""The directory, below the state directory, with the state of hand-offs' pages."""


@dataclass(frozen=True, slots=True)
class Published:
    """A published hand-off.

    Attributes:
        address: The address of its page; empty if Notion gave none.
        linked: What became of the links back to it; None if the database has no property for them.
    """

    address: str
    linked: Linked | None


async def publish(
    settings: Settings, token: Secret, handoff: Handoff, *, transport: httpx.AsyncBaseTransport | None
) -> Published:
    """Write the page of a hand-off, and link the pages of its logs to it.

    Raises:
        SyncError: That failed; a further call makes no second page.
    """
    rules, directory = rules_of(settings), settings.state_dir / DIRECTORY
    with Store.copy_of(settings.state_dir) as logs:
        addresses, ids = _addresses(handoff, logs), remembered_property_ids(logs)
    with StateLock(directory), open_state(directory, now=utc_now()) as store:
        async with (
            http_client(transport=transport) as http,
            aclosing(calls_of(settings, token, http, count=tell_sharing)) as calls,
        ):
            wanted = replace(wanted_of(settings, ids=ids), demanded=frozenset((Property.PATTERNS,)))
            gateway = Gateway(calls, wanted)
            connection = await gateway.connect()
            try:
                address = await Publisher(rules, store, gateway, utc_now).publish(handoff, addresses)
            except NotYet as pause:
                until = pause.until.astimezone(rules.zone)
                raise Transient(
                    "An answer of Notion was lost, and the page may be there already",
                    f"Publish again after {until:%H:%M:%S}: then it is looked for first, and not made twice",
                ) from None
            bound = connection.schema.bound.get(Property.PATTERNS)
            if bound is None:
                return Published(address, None)
            linked = await link_back(
                settings.state_dir,
                rules,
                gateway,
                handoff,
                target=LinkTarget(address, unquote(bound.id)),
                now=utc_now,
            )
            return Published(address, linked)


def _addresses(handoff: Handoff, logs: Store) -> Mapping[LogPath, str]:
    paths = {record.path for entry in handoff.entries for record in quoted(entry.pattern)}
    return {path: record.url for path, record in logs.pages(sorted(paths)).items() if record.url}

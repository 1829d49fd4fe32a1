"""Find the pages that are already there: once for each database, and what is new since at each start."""

from collections.abc import Callable
from datetime import datetime

from sync.comparison.intake import Intake
from sync.comparison.new_properties import fill_new_properties
from sync.notion.connect import Connection
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.state.backlinks import Backlinks
from sync.state.facts import expect_archived
from sync.state.store import Store

_DATA_SOURCE = "data_source"
_COMPLETE = "inventory_complete"


async def take_inventory(
    gateway: Gateway, store: Store, connection: Connection, *, host: str, now: Callable[[], datetime]
) -> int:
    """Adopt the pages that the state does not know, and return how many those were.

    The newest pages come first, so that one request is enough when nothing is new: a request that
    brings only known pages ends the search, unless an earlier inventory was never completed. Archived pages
    are in none of them: they are asked for once a log has no other.
    """
    known = store.fact(_DATA_SOURCE)
    if known != connection.data_source_id:
        store.forget_pages()
        if known is not None:
            Backlinks(store).forget()  # they lead to pages of the other database
        expect_archived(store, expected=False)
        store.remember(_COMPLETE, "")
        store.remember(_DATA_SOURCE, connection.data_source_id)
    complete = bool(store.fact(_COMPLETE))
    intake = Intake(gateway, store, host=host, now=now)
    async for rows in gateway.rows(lane=Lane.CHECK, newest_first=True):
        brought_news = await intake.take(rows)
        if complete and not brought_news:
            break
    store.remember(_COMPLETE, "yes")
    fill_new_properties(store, connection, now=now())
    return len(intake.adopted)

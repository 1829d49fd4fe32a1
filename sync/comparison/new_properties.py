"""Properties that are new in the database since the last connection: on all pages they are empty."""

import json
from datetime import datetime
from urllib.parse import unquote

from sync.names import LogPath
from sync.notion.connect import Connection
from sync.notion.limiter import Lane
from sync.notion.schema import LATER
from sync.state.backlog import Backlog
from sync.state.database import sensible
from sync.state.records import Standing
from sync.state.store import Store

_SEEN = "properties_seen"


def fill_new_properties(store: Store, connection: Connection, *, now: datetime) -> tuple[LogPath, ...]:
    """Put all logs on the list where one of our properties was replaced or added, and return them.

    A log whose page is away is not among them: that is read as a whole when it comes back.

    A person who deletes a property takes its values along, the key of every page among them: pages without
    their keys are found by nobody once the state is lost. No page counts as edited by that.
    """
    ids = {
        ours.name: unquote(property_id)
        for ours, property_id in connection.schema.ids.items()
        if ours not in LATER
    }
    seen = json.dumps([connection.data_source_id, ids], sort_keys=True)
    before, source = _before(store)
    paths: tuple[LogPath, ...] = ()
    if source == connection.data_source_id and ids.items() - before.items():
        paths = tuple(
            path for standing in Standing if not standing.is_away for path in sorted(store.paths_of(standing))
        )
        store.doubt(paths)
        Backlog(store).note(paths, lane=Lane.CHECK, now=now)
    if (before, source) != (ids, connection.data_source_id):
        store.remember(_SEEN, seen)
    return paths


@sensible
def _before(store: Store) -> tuple[dict[str, str], str | None]:
    source, ids = json.loads(store.fact(_SEEN) or "[null, {}]")
    return dict(ids), source

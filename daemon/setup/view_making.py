"""Make Jen's views, as far as they are missing and this database can have them."""

from collections.abc import Iterator, Sequence

from daemon.setup.blocking_calls import BlockingCalls
from daemon.setup.talk import Talk
from sync.errors import AccessLost, Rejected
from sync.notion.connect import Connection
from sync.notion.onboarding.view_requests import make_view, names_of_views
from sync.notion.onboarding.views import Unbuildable, WantedView, same_name, views
from sync.notion.schema import Schema


def missing_views(schema: Schema, there: Sequence[str]) -> Iterator[WantedView | Unbuildable]:
    """Yield the views whose names are not in use, each with its definition or why it cannot be made."""
    for view in views(schema):
        if not any(same_name(view.name, each) for each in there):
            yield view


def make_views(calls: BlockingCalls, connection: Connection, talk: Talk) -> bool:
    """Make the missing views that can be made; return whether Notion accepted all of them."""
    there = calls.ask(names_of_views, connection.database_id)
    wanted = (each for each in missing_views(connection.schema, there) if isinstance(each, WantedView))
    return [_make(calls, view, connection, talk) for view in wanted].count(False) == 0


def _make(calls: BlockingCalls, view: WantedView, connection: Connection, talk: Talk) -> bool:
    try:
        calls.ask(
            make_view, view, database_id=connection.database_id, data_source_id=connection.data_source_id
        )
    except (Rejected, AccessLost) as refusal:
        talk.tell(f"✗ The view “{view.name}” could not be made: {refusal}")
        return False
    talk.tell(f"✓ Made the view “{view.name}”.")
    return True

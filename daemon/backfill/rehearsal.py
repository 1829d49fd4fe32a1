"""Rehearse a backfill: make the plan for each log, and write nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from daemon.backfill.listing import portions
from daemon.clock import utc_now
from daemon.session import Session
from daemon.watching.paths import Selection
from daemon.watching.scan import Found, scan
from sync.departing import ALIVE
from sync.departure_decision import GRACE, Circumstances, OnFileDeleted, Wait, decide_departure
from sync.errors import LogUnreadable
from sync.files import RootUnavailable
from sync.names import LogPath
from sync.planning.actions import CreatePage, ListBlocks, LookUp, Plan
from sync.planning.page_state import Absent
from sync.state.records import ADOPTED, PageRecord

UNREADABLE = "cannot be read"
HELD = "hold back"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a backfill would do for one log.

    Attributes:
        intent: `create`, `update` or `rename`, or `look up` if Notion's answer decides what follows. For a
            log that is gone `trash`, `keep` or `mark`, or `hold back` if a person has to agree first. For an
            unreadable one `cannot be read`.
        requests: The number of requests that are known to be needed.
        at_least: Whether the answers to these may lead to more.
        detail: The reason, where the intent does not tell.
    """

    path: LogPath
    intent: str
    requests: int
    at_least: bool = False
    detail: str = ""


def rehearse(session: Session, typed: Sequence[str]) -> Iterator[Rehearsal]:
    """Yield what a backfill would do for each log that differs from its page.

    Args:
        session: A session on a copy of the state, which this changes: it records renamed logs.
        typed: The paths that the person named.
    """
    selection = Selection(session.settings.logs_dir, typed)
    for portion in portions(session.store, selection, session.rules):
        if portion.gone:
            yield from _departures(session, portion.different)
        else:
            yield from (each for path in portion.different if (each := _rehearsal(session, path)) is not None)
    for place in selection.unseen():
        yield Rehearsal(place.path, UNREADABLE, 0, detail=place.reason)


def totals(rehearsals: Sequence[Rehearsal]) -> Mapping[str, int]:
    """Count the logs by intent."""
    return Counter(each.intent for each in rehearsals)


def _rehearsal(session: Session, path: LogPath) -> Rehearsal | None:
    is_new = not _has_page(session.store.page(path))
    try:
        actions = session.reconciler.rehearse(path)
    except RootUnavailable:
        raise
    except LogUnreadable as error:
        return Rehearsal(path, UNREADABLE, 0, detail=error.what)
    if not actions:
        return None
    is_renamed = is_new and _has_page(session.store.page(path))
    reads = isinstance(actions[0], LookUp | ListBlocks)
    return Rehearsal(path, "rename" if is_renamed else _intent(actions), len(actions), at_least=reads)


def _goes(record: PageRecord | None) -> bool:
    """Return whether a page goes with its log; one that was only found in the database may be another's."""
    return record is not None and _has_page(record) and record.edition != ADOPTED


def _has_page(record: PageRecord | None) -> bool:
    return record is not None and record.page != Absent()


def _intent(actions: Plan) -> str:
    match actions[0]:
        case CreatePage():
            return "create"
        case LookUp():
            return "look up"
        case _:
            return "update"


def _departures(session: Session, gone: Sequence[LogPath]) -> Iterator[Rehearsal]:
    """Yield what a backfill would do with the pages of logs that are gone."""
    rules = session.rules
    leaving = [path for path in gone if _goes(session.store.page(path))]
    now = utc_now()
    decision = decide_departure(
        Circumstances(
            gone_since=now - GRACE,
            leaving=len(leaving),
            allowed=rules.max_deletes.allowed(of=session.store.count(*ALIVE)),
            any_log_left=any(isinstance(each, Found) for each in scan(rules.root)),
        ),
        way=rules.on_file_deleted,
        now=now,
    )
    for path in leaving:
        if isinstance(decision, Wait):
            yield Rehearsal(path, HELD, 0, detail=decision.what)
        else:
            yield Rehearsal(path, decision.way.value, int(decision.way is not OnFileDeleted.KEEP))

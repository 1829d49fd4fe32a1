"""Gather the status report from the files, the state and the running process, without asking Notion."""

from collections import Counter
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from datetime import datetime

from daemon.config.settings import Settings, edition_of
from daemon.config.values import OnPageTrashed
from daemon.presence.pulse import at_work
from daemon.status import problems
from daemon.status.report import Problem, Report
from daemon.watching.compare import TO_LOOK_AT, Comparison, Judgement
from daemon.watching.scan import Unlistable, pieces
from sync.errors import StateUnusable
from sync.files import RootUnavailable
from sync.state.backlog import Backlog
from sync.state.facts import Place, remembered_named, remembered_place
from sync.state.store import Store


@dataclass(frozen=True, slots=True)
class _Logs:
    """What the scan found."""

    judgements: Counter[Judgement] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Memory:
    """What the state holds beside the logs.

    Attributes:
        is_readable: Whether the state can be read.
        is_there: Whether there is a state.
        named: The id of the database in the settings at the last connection.
    """

    is_readable: bool = True
    is_there: bool = True
    problems: tuple[Problem, ...] = ()
    waiting_since: datetime | None = None
    last_sync: datetime | None = None
    place: Place | None = None
    named: str | None = None


def gather(settings: Settings, *, now: datetime) -> Report:
    """Return the status report. Errors that are met on the way become part of it."""
    working = at_work(settings.state_dir)
    logs, memory = _remembered(settings)
    pending = sum(logs.judgements[each] for each in TO_LOOK_AT)
    is_connected = memory.place is not None or _names_token(settings)
    disk = tuple(problems.of_state_dir(settings.state_dir))
    found = (
        *disk,
        *(() if memory.is_readable or disk else memory.problems),
        *problems.of_process(
            working,
            pending=pending if memory.is_readable else 0,
            is_connected=is_connected,
            edition=edition_of(settings),
            now=now,
        ),
        *logs.problems,
        *(memory.problems if memory.is_readable else ()),
        *problems.of_database(memory.named, settings.notion_database_id, is_at_work=working is not None),
        *problems.of_saved_words(settings.state_dir),
        *map(problems.of_misspelling, settings.misspelt),
    )
    if not found and working is None and not memory.is_there:
        found = (problems.first_step(is_connected=is_connected),)
    return Report(
        at=now,
        logs_dir=settings.logs_dir,
        place=memory.place,
        is_remembered=memory.is_readable,
        files=logs.judgements.total(),
        synced=logs.judgements[Judgement.IN_STEP],
        pending=pending,
        quarantined=logs.judgements[Judgement.QUARANTINED],
        trashed=logs.judgements[Judgement.TRASHED],
        waiting_since=memory.waiting_since,
        working=working,
        last_sync=memory.last_sync,
        problems=tuple(sorted(found, key=lambda problem: not problem.needs_a_person)),
    )


def _names_token(settings: Settings) -> bool:
    """Return whether the settings name a token; a keyring or a credential is not asked for that."""
    return settings.notion_token is not None or settings.notion_token_file is not None


def _remembered(settings: Settings) -> tuple[_Logs, _Memory]:
    """Compare the files with the state; if that cannot be read, every log counts as different."""
    try:
        store = Store.open_existing(settings.state_dir)
        with nullcontext() if store is None else closing(store):
            return _compared(settings, store), _Memory(is_there=False) if store is None else _memory(store)
    except StateUnusable as error:
        return _compared(settings, None), _Memory(is_readable=False, problems=(problems.of_error(error),))


def _memory(store: Store) -> _Memory:
    return _Memory(
        problems=tuple(problems.of_store(store)),
        waiting_since=Backlog(store).oldest(),
        last_sync=store.last_sync(),
        place=remembered_place(store),
        named=remembered_named(store),
    )


def _compared(settings: Settings, store: Store | None) -> _Logs:
    logs = _Logs()
    restores = settings.on_page_trashed is OnPageTrashed.RESTORE
    comparison = (
        None if store is None else Comparison(store, edition=edition_of(settings), restore_trashed=restores)
    )

    def unlistable(place: Unlistable) -> None:
        logs.problems.append(problems.of_unlistable(place))

    try:
        for piece in pieces(settings.logs_dir, unlistable=unlistable):
            if comparison is None:
                logs.judgements[Judgement.DIFFERS] += len(piece)
            else:
                logs.judgements.update(comparison.judged(piece).values())
    except RootUnavailable as error:
        logs.problems.append(problems.of_error(error))
    return logs

"""How things stand: gathered from the files and the state alone, whether or not the daemon runs."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from daemon.config.settings import Settings, edition_of
from daemon.config.values import OnPageTrashed
from daemon.lock import holder
from daemon.outage import Outage, outage
from daemon.watching.compare import Judgement, chunks, judged
from daemon.watching.scan import Found, Unlistable, scan
from sync.convergence.saved_words import SAVED_WORDS, saved
from sync.errors import SyncError
from sync.files import RootUnavailable
from sync.names import LogPath
from sync.state.backlog import Backlog
from sync.state.records import PageRecord, Standing
from sync.state.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that is not as it should be.

    Attributes:
        path: The log that it concerns; empty when it concerns all.
        since: When it began; None when that is not known.
        url: The page; empty when there is none.
        needs_a_person: It does not end by itself.
    """

    path: str
    what: str
    hint: str
    since: datetime | None
    url: str = ""
    needs_a_person: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How things stand.

    Attributes:
        logs_dir: Where the logs are looked for.
        files: Logs on disk.
        synced: Those whose page is in step, as far as their stamps tell.
        pending: Those that wait to be synced.
        quarantined: Those that were set aside.
        trashed: Those whose page somebody moved to the trash.
        pid: Of the daemon; None when it does not run.
        last_sync: When a page was last brought in step.
        problems: What is wrong, the gravest first.
    """

    logs_dir: Path
    files: int
    synced: int
    pending: int
    quarantined: int
    trashed: int
    pid: int | None
    last_sync: datetime | None
    problems: tuple[Problem, ...]

    @property
    def needs_a_person(self) -> bool:
        """Whether something is wrong that does not end by itself."""
        return any(problem.needs_a_person for problem in self.problems)

    def as_json(self) -> dict[str, Any]:
        """Return the report for JSON."""
        return {
            "files": self.files,
            "synced": self.synced,
            "pending": self.pending,
            "quarantined": self.quarantined,
            "trashed": self.trashed,
            "daemon": {"running": self.pid is not None, "pid": self.pid},
            "last_sync": self.last_sync and self.last_sync.isoformat(),
            "problems": [
                {
                    "path": problem.path,
                    "what": problem.what,
                    "hint": problem.hint,
                    "since": problem.since and problem.since.isoformat(),
                    "url": problem.url,
                    "needs_a_person": problem.needs_a_person,
                }
                for problem in self.problems
            ],
        }


def gather(settings: Settings) -> Report:
    """Look at the files, the state and the lock."""
    pid = holder(settings.state_dir)
    store = Store.open_existing(settings.state_dir)
    if store is None:
        return _report(settings, None, pid)
    with store:
        return _report(settings, store, pid)


def _report(settings: Settings, store: Store | None, pid: int | None) -> Report:
    judgements: Counter[Judgement] = Counter()
    problems: list[Problem] = []
    try:
        for chunk in chunks(_files(settings.logs_dir, problems)):
            if store is None:
                judgements[Judgement.DIFFERS] += len(chunk)
            else:
                judgements.update(_judged(chunk, store, settings).values())
    except RootUnavailable as error:
        problems.append(_of_error(error))
    pending = judgements[Judgement.DIFFERS]
    trouble = outage(store) if store is not None and pid is not None else None
    if trouble is not None:
        problems.insert(0, _of_outage(trouble))
    if pid is None and pending:
        problems.insert(0, _NOT_RUNNING)
    if store is not None:
        problems.extend(_of_logs(store))
    problems.extend(_of_saved_words(settings.state_dir))
    problems.extend(_of_misspelling(each) for each in settings.misspelt)
    return Report(
        logs_dir=settings.logs_dir,
        files=judgements.total(),
        synced=judgements[Judgement.IN_STEP],
        pending=pending,
        quarantined=judgements[Judgement.QUARANTINED],
        trashed=judgements[Judgement.TRASHED],
        pid=pid,
        last_sync=None if store is None else store.last_sync(),
        problems=tuple(problems),
    )


def _judged(chunk: Sequence[Found], store: Store, settings: Settings) -> Mapping[LogPath, Judgement]:
    restores = settings.on_page_trashed is OnPageTrashed.RESTORE
    return judged(chunk, store, edition=edition_of(settings), restore_trashed=restores)


_NOT_RUNNING = Problem(
    path="",
    what="The daemon is not running, and logs wait to be synced",
    hint="Start it with `ai-traces run`, or bring everything in step once with `ai-traces backfill`",
    since=None,
)


def _files(root: Path, problems: list[Problem]) -> Iterator[Found]:
    for finding in scan(root):
        match finding:
            case Found():
                yield finding
            case Unlistable(path=path, reason=reason):
                problems.append(
                    Problem(
                        path=path,
                        what=f"This directory cannot be listed ({reason})",
                        hint="Make it readable for the user that runs ai-traces",
                        since=None,
                    )
                )


def _of_error(error: SyncError) -> Problem:
    return Problem(path="", what=error.what, hint=error.hint, since=None)


def _of_outage(trouble: Outage) -> Problem:
    return Problem(
        path="",
        what=trouble.what,
        hint=trouble.hint or "Nothing to do: it is tried again by itself",
        since=trouble.since,
        needs_a_person=trouble.needs_a_person,
    )


def _of_misspelling(told: str) -> Problem:
    return Problem(
        path="",
        what=told,
        hint="Correct it where it is set, in the environment or in .env; .env.example lists every setting",
        since=None,
        needs_a_person=False,
    )


def _of_logs(store: Store) -> Iterator[Problem]:
    for record in store.standing(Standing.QUARANTINED):
        yield _of_record(record, needs_a_person=True)
    for what, hint, since in _held(store):
        yield Problem(path="", what=what, hint=hint, since=since)
    for item in Backlog(store).failing():
        yield Problem(path=item.path, what=item.what, hint=item.hint, since=item.since, needs_a_person=False)
    for record in store.standing(Standing.TRASHED):
        yield _of_record(record, needs_a_person=False)
    for record in store.edited():
        yield _of_edited(record)


def _held(store: Store) -> Iterator[tuple[str, str, datetime]]:
    """Yield once each reason for which pages of deleted logs are still there."""
    told: set[str] = set()
    for record in store.standing(Standing.VANISHED):
        if record.what and record.what not in told:
            told.add(record.what)
            yield record.what, record.hint, record.since


def _of_edited(record: PageRecord) -> Problem:
    return Problem(
        path=record.path,
        what="The page was edited in Notion, and stays as it was edited",
        hint="To have the log's text back: AI_TRACES_ON_PAGE_EDITED=repair; what was written is saved first",
        since=record.looked_at,
        url=record.url,
        needs_a_person=False,
    )


def _of_saved_words(state_dir: Path) -> Iterator[Problem]:
    for path, file in saved(state_dir / SAVED_WORDS):
        yield Problem(
            path=path,
            what=f"What somebody wrote into the page is kept in {file}",
            hint="Read it, put it where you want it, then delete the file",
            since=None,
            needs_a_person=False,
        )


def _of_record(record: PageRecord, *, needs_a_person: bool) -> Problem:
    return Problem(
        path=record.path,
        what=record.what,
        hint=record.hint,
        since=record.since,
        url=record.url,
        needs_a_person=needs_a_person,
    )

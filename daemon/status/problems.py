"""The problems of the status report: what, where, since when, and what to do about it."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from daemon.presence.pulse import Outage, Pulse, Role, Trouble, Working
from daemon.status.report import Problem
from daemon.watching.scan import Unlistable
from sync.convergence.saved_words import SAVED_WORDS, saved
from sync.errors import SyncError
from sync.state.backlog import Backlog
from sync.state.duplicates import Duplicate, Duplicates
from sync.state.facts import remembered_advice
from sync.state.records import PageRecord, Standing
from sync.state.store import Store

_NO_SIGN_AFTER = timedelta(minutes=3)
"""How old a pulse may be; a healthy process publishes one at least every minute."""

_LEAST_ROOM = 1024 * 1024
"""The free space, in bytes, below which a disk counts as full."""


def of_error(error: SyncError) -> Problem:
    """Return a problem that concerns all logs."""
    return Problem(what=error.what, hint=error.hint)


def of_state_dir(state_dir: Path) -> Iterator[Problem]:
    """Yield why the state cannot be written, as far as the file system tells."""
    try:
        system = os.statvfs(state_dir)
    except OSError:
        return
    if system.f_flag & os.ST_RDONLY:
        yield Problem(
            what=f"The disk that holds the state directory {state_dir} is read-only",
            hint="Mount it writable, or set AI_TRACES_STATE_DIR to another one; nothing is sent before that",
        )
    elif system.f_bavail * system.f_frsize < _LEAST_ROOM:
        yield Problem(
            what=f"The disk that holds the state directory {state_dir} is full",
            hint="Make room on it; nothing is sent before that, and nothing is lost",
        )


def of_process(
    working: Working | None, *, pending: int, is_connected: bool, edition: str, now: datetime
) -> Iterator[Problem]:
    """Yield what is wrong with the running process, or that there is none while logs wait.

    Args:
        working: The process; None if there is none.
        pending: The number of logs that wait.
        is_connected: Whether there is a token, or a database that was reached before.
        edition: The edition of the pages that this version and these settings make.
        now: The current time.
    """
    if working is None and pending:
        start = "Start it with `ai-traces run`, or bring everything in step once with `ai-traces backfill`"
        connect = "Connect it with Notion first: `ai-traces setup` asks for what it needs"
        yield Problem(
            what="The daemon is not running, and logs wait to be synced",
            hint=start if is_connected else connect,
        )
    if working is not None and working.pulse is not None:
        yield from _of_pulse(working.pid, working.pulse, now=now)
        if working.pulse.role is Role.DAEMON and working.pulse.edition not in {"", edition}:
            yield Problem(
                what="The daemon that runs is of another version, or was started with other settings",
                hint="Start it again, for example with `ai-traces service restart`",
            )


def first_step(*, is_connected: bool) -> Problem:
    """Return the first step of a new installation with no logs yet."""
    start = "Start it for good with `ai-traces service install`, or for a while with `ai-traces run`"
    return Problem(
        what=f"{'The daemon is not running' if is_connected else 'It is not connected with Notion'} yet",
        hint=start if is_connected else "Run: ai-traces setup, which asks for what it needs",
        needs_a_person=False,
    )


def _of_pulse(pid: int, pulse: Pulse, *, now: datetime) -> Iterator[Problem]:
    if now - pulse.beat > _NO_SIGN_AFTER:
        yield Problem(
            what=f"The {pulse.role} (process {pid}) shows no sign of life",
            hint=f"End it with `kill {pid}`, if need be `kill -9 {pid}`, and start it again: nothing is lost",
            since=pulse.beat,
        )
    calm = "Nothing to do: it is tried again by itself"
    yield from _of_trouble(pulse.outage, calm=calm)
    yield from _of_trouble(pulse.impairment, calm="")
    calm = "Logs go on at this machine's share; it joins the others again by itself"
    yield from _of_trouble(pulse.alone, calm=calm)


def _of_trouble(trouble: Trouble | None, *, calm: str) -> Iterator[Problem]:
    if trouble is not None:
        yield Problem(
            what=trouble.what,
            hint=trouble.hint or calm,
            since=trouble.since,
            needs_a_person=trouble.needs_a_person,
            again_at=trouble.until if isinstance(trouble, Outage) else None,
        )


def of_unlistable(place: Unlistable) -> Problem:
    """Return a problem with a directory or file that the scan could not look at."""
    return Problem(
        path=place.path,
        what=f"This directory cannot be listed ({place.reason})",
        hint="Make it readable for the user that runs ai-traces",
    )


def of_database(before: str | None, now: str, *, is_at_work: bool) -> Iterator[Problem]:
    """Yield a problem if the settings name another database than at the last connection."""
    if before not in {None, now}:
        restart = "If that is meant, start the daemon again, for example with `ai-traces service restart`"
        begin = "If that is meant, `ai-traces backfill` or the daemon brings every log there"
        yield Problem(
            what="The settings name another database than the one that the pages are in",
            hint=restart if is_at_work else begin,
            needs_a_person=False,
        )


def of_misspelling(told: str) -> Problem:
    """Return a problem with a variable that looks like a setting."""
    return Problem(
        what=told,
        hint="Correct it where it is set, in the environment or in .env; .env.example lists every setting",
        needs_a_person=False,
    )


def of_store(store: Store) -> Iterator[Problem]:
    """Yield the problems that the state knows of."""
    for record in store.standing(Standing.QUARANTINED):
        yield _of_record(record, needs_a_person=True)
    yield from _held(store)
    for item in Backlog(store).failing():
        yield Problem(
            path=item.path,
            what=item.what,
            hint=item.hint or "Nothing to do: it is tried again by itself",
            since=item.since,
            needs_a_person=False,
            again_at=item.due_at,
        )
    for given in remembered_advice(store):
        yield Problem(
            what=given.what,
            hint=(
                "Mend it in the database in Notion, or name another property in AI_TRACES_PROPERTY_NAMES; "
                "the text of every log is on its page all the same"
            ),
            since=given.since,
            needs_a_person=False,
        )
    for record in store.standing(Standing.TRASHED):
        yield _of_record(record, needs_a_person=False)
    for record in store.edited():
        yield _of_edited(record)
    for duplicate in Duplicates(store).left():
        yield _of_duplicate(duplicate)


def _held(store: Store) -> Iterator[Problem]:
    """Yield each reason, once, why pages of deleted logs are kept for now."""
    told: set[str] = set()
    for record in store.standing(Standing.VANISHED):
        if record.what and record.what not in told:
            told.add(record.what)
            yield Problem(what=record.what, hint=record.hint, since=record.since)


def _of_edited(record: PageRecord) -> Problem:
    return Problem(
        path=record.path,
        what="The page was edited in Notion, and stays as it was edited",
        hint="To have the log's text back: AI_TRACES_ON_PAGE_EDITED=repair; what was written is saved first",
        since=record.looked_at,
        url=record.url,
        needs_a_person=False,
    )


def _of_duplicate(duplicate: Duplicate) -> Problem:
    return Problem(
        path=duplicate.path,
        what="There is a further page of this log, which a person made or has been at",
        hint="Move what you want to keep to the log's own page, then put the further one in Notion's trash",
        url=duplicate.url,
        needs_a_person=False,
    )


def of_saved_words(state_dir: Path) -> Iterator[Problem]:
    """Yield the files with people's words that could not be saved on the page."""
    for path, file in saved(state_dir / SAVED_WORDS):
        yield Problem(
            path=path,
            what=f"What somebody wrote into the page is kept in {file}",
            hint="Read it, put it where you want it, then delete the file",
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

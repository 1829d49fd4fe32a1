"""`ai-traces backfill`."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import asdict, dataclass
from functools import partial

import click

from daemon.backfill.alone import backfill
from daemon.backfill.handover import hand_over
from daemon.backfill.rehearsal import UNREADABLE, Rehearsal, rehearse, totals
from daemon.backfill.tally import ShowProgress, Summary, Tally
from daemon.cli.as_object import done_so_far, json_option, print_object
from daemon.cli.ending import EXIT_NEEDS_A_PERSON
from daemon.cli.log_argument import logs_argument
from daemon.cli.opening import open_settings, verbose_option
from daemon.cli.progress import progress_display
from daemon.clock import utc_now
from daemon.config.secret import Secret
from daemon.config.settings import Settings
from daemon.config.values import LogLevel
from daemon.interruption import interruptible
from daemon.presence.lock import StateLock
from daemon.presence.pulse import Role
from daemon.presence.state_guard import guard_state
from daemon.session import Session, open_session
from daemon.state_dir import damage_set_aside, open_state
from daemon.status.columns import visible
from daemon.stopping import stop_signal
from daemon.watching.paths import require_logs, require_root
from sync.errors import AlreadyRunning, SyncError
from sync.state.store import Store


@click.command("backfill", epilog="Example: ai-traces backfill --dry-run")
@logs_argument
@click.option(
    "--dry-run", is_flag=True, help="Print what would be done to each page; write nothing to Notion."
)
@json_option()
@verbose_option
@interruptible("; run it again, and it goes on from here", code=EXIT_NEEDS_A_PERSON)
def command(paths: tuple[str, ...], *, dry_run: bool, as_json: bool, verbose: bool) -> int:
    """Bring every log and its page in step once, then end.

    PATH limits it to logs or directories inside the logs directory. It can be stopped at any time and
    goes on where it was. Beside a running daemon it hands its work to that one and shows how it goes.
    Ends with 0 when all is in step, with 1 when something is quarantined, failed or could not be looked
    into, with 2 when PATH is no log, with 77 when Notion refuses access, with 78 when the configuration
    cannot be used.
    """
    settings, token = open_settings(least=LogLevel.WARNING, verbose=verbose)
    require_root(settings.logs_dir)
    if dry_run:
        with Store.copy_of(settings.state_dir) as store:
            require_logs(settings.logs_dir, paths, store)
            plans = asyncio.run(_rehearse(settings, token, store, paths))
        _print_plans(plans, as_json=as_json)
        return 0
    with progress_display(sys.stderr) as show:
        end = None
        while end is None:
            end = _brought_in_step(settings, token, paths, show)
    if as_json:
        print_object(end.summary.as_json())
    else:
        click.echo(_sentence(end))
    return 0 if end.summary.in_step else 1


@dataclass(frozen=True, slots=True)
class _End:
    """How a backfill ended.

    Attributes:
        by_daemon: Whether the running daemon did the work.
    """

    summary: Summary
    by_daemon: bool


def _brought_in_step(
    settings: Settings, token: Secret, paths: tuple[str, ...], show: ShowProgress
) -> _End | None:
    """Do the work, or have the running daemon do it; return None if the daemon ended meanwhile."""
    try:
        with (
            StateLock(settings.state_dir) as lock,
            damage_set_aside(settings.state_dir, now=utc_now),
            open_state(settings.state_dir, now=utc_now()) as store,
        ):
            require_logs(settings.logs_dir, paths, store)
            work = partial(
                open_session, settings, token, store, transport=None, lock=lock, role=Role.BACKFILL
            )
            return asyncio.run(_backfill(work, paths, show))
    except AlreadyRunning:
        with Store.open(settings.state_dir) as store:
            require_logs(settings.logs_dir, paths, store)
            return asyncio.run(_hand_over(settings, store, paths, show))


async def _hand_over(
    settings: Settings, store: Store, paths: tuple[str, ...], show: ShowProgress
) -> _End | None:
    stop, tally = stop_signal(), Tally()
    with _kept(tally, lambda: 0):
        summary = await hand_over(settings, store, tally, paths, stop=stop, show=show)
    return None if summary is None else _End(summary, by_daemon=True)


async def _backfill(
    opened: Callable[..., AbstractAsyncContextManager[Session]], paths: tuple[str, ...], show: ShowProgress
) -> _End:
    stop, tally = stop_signal(), Tally()
    async with opened(note=tally.note) as session:
        with _kept(tally, lambda: sum(session.gateway.requests.values())):
            async with guard_state(session.settings.state_dir, stop):
                summary = await backfill(session, tally, paths, stop=stop, show=show)
    return _End(summary, by_daemon=False)


@contextmanager
def _kept(tally: Tally, requests: Callable[[], int]) -> Iterator[None]:
    """Keep what was done for the JSON object of a command that fails here."""
    started = utc_now()
    try:
        yield
    except SyncError:
        seconds = (utc_now() - started).total_seconds()
        done = tally.summary(unread=(), stopped=True, requests=requests(), seconds=seconds)
        done_so_far(done.as_json())
        raise


async def _rehearse(
    settings: Settings, token: Secret, store: Store, paths: tuple[str, ...]
) -> list[Rehearsal]:
    async with open_session(settings, token, store, transport=None) as session:
        await session.connect(rehearsing=True)
        return list(rehearse(session, paths))


def _print_plans(plans: list[Rehearsal], *, as_json: bool) -> None:
    if as_json:
        print_object({"plans": [asdict(each) for each in plans], "totals": totals(plans)})
        return
    width = max((len(each.intent) for each in plans), default=0) + 2
    for each in plans:
        requests = "1 request" if each.requests == 1 else f"{each.requests} requests"
        told = each.detail or f"{'at least ' if each.at_least else ''}{requests}"
        click.echo(visible(f"{each.intent:{width}}{each.path}  ({told})"))
    counts = ", ".join(
        f"{count:,} {'that ' if intent == UNREADABLE else 'to '}{intent}"
        for intent, count in totals(plans).items()
    )
    click.echo(f"Nothing was written. {counts or 'Everything is in step'}.")


def _trust(end: _End) -> str:
    """Say how many pages were trusted unread, unless the daemon did the work and reads them later."""
    count = end.summary.on_trust
    if not count or end.by_daemon:
        return ""
    which = "1 page was recognised by its" if count == 1 else f"{count:,} pages were recognised by their"
    return (
        f"\n  {which} content hash and not read. A long one may lack its end, if an earlier run was cut off;"
        " in others a person may have written."
        "\n  The daemon reads such pages by itself. If none runs here: ai-traces verify --deep --repair"
    )


def _sentence(end: _End) -> str:
    summary = end.summary
    parts = [
        (summary.created, "created"),
        (summary.updated, "updated"),
        (summary.unchanged, "unchanged"),
        (summary.trashed, "trashed"),
        (summary.quarantined, "quarantined"),
        (summary.failed, "not done"),
        (summary.unseen, "folder not looked into" if summary.unseen == 1 else "folders not looked into"),
    ]
    counts = ", ".join(f"{count:,} {word}" for count, word in parts if count)
    counts = counts or ("nothing so far" if summary.stopped else "no logs")
    who = "by the running daemon" if end.by_daemon else f"{summary.requests:,} requests"
    took = f"{who}, {summary.seconds:.1f} s"
    if summary.stopped:
        rest = "the daemon goes on by itself" if end.by_daemon else "run it again, and it goes on from here"
        return f"… Stopped: {counts} ({took}); {rest}."
    if summary.in_step:
        return f"✓ All in step: {counts} ({took}).{_trust(end)}"
    return f"✗ Not all in step: {counts} ({took}). See `ai-traces status` for what to do.{_trust(end)}"

"""`ai-traces retry`."""

import os
from pathlib import Path

import click

from daemon.cli.log_argument import logs_argument
from daemon.clock import utc_now
from daemon.config.settings import load
from daemon.interruption import interruptible
from daemon.presence.lock import holder
from daemon.presence.pulse import at_work
from daemon.status.columns import visible
from daemon.watching.paths import Selection, require_logs
from sync.amounts import time_span
from sync.names import LogPath
from sync.notion.limiter import Lane
from sync.planning.page_state import Absent
from sync.state.backlog import Backlog
from sync.state.records import PageRecord, Standing
from sync.state.refusals import forget_refusals
from sync.state.store import Store
from sync.state.wishes import ask_back, released


@click.command("retry", epilog="Example: ai-traces retry exceptions/2026-01-10-timeout.md")
@logs_argument
@interruptible("; run it again, which does no harm where it was done")
def command(paths: tuple[str, ...]) -> None:
    """Take logs out of quarantine; with PATH, also bring back their pages from Notion's trash.

    A log is in quarantine when Notion took nothing of it, or something is wrong with it alone; `ai-traces
    status` says what. Without PATH all of those are tried again. Pages that somebody moved to the trash stay
    there unless their log is named; one that was deleted for good is then made anew. A text that was left out
    because Notion refused it is tried again too: at once in the logs that are named, in the others when they
    change. Ends with 0, or with 2 when PATH is no log.
    """
    settings = load(os.environ)
    for stray in settings.misspelt:
        click.echo(f"· {stray}", err=True)
    with Store.open(settings.state_dir) as store:
        require_logs(settings.logs_dir, paths, store)
        trashed = store.count(Standing.TRASHED)
        again = _again(store, Selection(settings.logs_dir, paths), is_named=bool(paths))
    for path in again:
        click.echo(visible(f"Again: {path}"))
    if not again:
        click.echo(f"Nothing to try again: no log {'of that ' if paths else ''}is in quarantine or failing.")
        if trashed and not paths:
            click.echo(
                "There are pages that were trashed or deleted in Notion; to have one back, name its log: "
                "ai-traces retry PATH"
            )
        _tell_outage(settings.state_dir)
    elif holder(settings.state_dir) is None:
        click.echo("The daemon is not running; `ai-traces backfill` does it now.", err=True)


def _tell_outage(state_dir: Path) -> None:
    """Say what keeps every log waiting, which no retry can help."""
    working = at_work(state_dir)
    if working is not None and working.pulse is not None and (outage := working.pulse.outage) is not None:
        soon = time_span(outage.until - utc_now())
        click.echo(visible(f"Everything waits: {outage.what}. It is tried again by itself, in {soon}."))


def _again(store: Store, selection: Selection, *, is_named: bool) -> list[LogPath]:
    """Put the logs to be tried again on the list, and return them.

    Args:
        store: The state.
        selection: The logs that are meant.
        is_named: Whether they were named one by one, so that their pages come back from the trash, too.
    """
    backlog = Backlog(store)
    standings = (Standing.QUARANTINED, Standing.TRASHED) if is_named else (Standing.QUARANTINED,)
    held = [each for kind in standings for each in store.standing(kind) if selection.covers(each.path)]
    unnoticed = [each.path for each in store.known() if is_named and _may_be_away(each, selection)]
    failing = [each.path for each in backlog.failing() if selection.covers(each.path)]
    store.save_all(released(each, now=utc_now()) for each in held)
    ask_back(store, unnoticed, now=utc_now())
    forget_refusals(store)
    again = list(dict.fromkeys((*(each.path for each in held), *unnoticed, *failing)))
    backlog.touch(again, lane=Lane.LIVE, now=utc_now())
    return again


def _may_be_away(record: PageRecord, selection: Selection) -> bool:
    """Return whether a page may be in the trash without the state knowing it."""
    return record.standing is Standing.TRACKED and record.page != Absent() and selection.covers(record.path)

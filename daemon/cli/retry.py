"""`ai-traces retry`."""

import os
from dataclasses import replace

import click

from daemon.config.settings import load
from daemon.lock import holder
from daemon.session import utc_now
from daemon.watching.paths import named
from sync.notion.limiter import Lane
from sync.state.backlog import Backlog
from sync.state.records import PageRecord, Standing
from sync.state.store import Store


@click.command("retry", epilog="Example: ai-traces retry exceptions/2026-01-10-timeout.md")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
def command(paths: tuple[str, ...]) -> None:
    """Take logs out of quarantine; with PATH, also bring back their pages from Notion's trash.

    Without PATH all logs in quarantine are tried again. Pages that somebody moved to the trash stay there
    unless their log is named.
    """
    settings = load(os.environ)
    with Store.open(settings.state_dir) as store:
        if paths:
            wanted = {named(settings.logs_dir, each) for each in paths}
            held = [each for each in _held(store) if each.path in wanted]
        else:
            held = [each for each in _held(store) if each.standing is Standing.QUARANTINED]
        store.save_all(_released(each) for each in held)
        again = [each.path for each in held] or [named(settings.logs_dir, each) for each in paths]
        Backlog(store).touch(again, lane=Lane.LIVE, now=utc_now())
    for path in again:
        click.echo(f"Again: {path}")
    if not again:
        click.echo("Nothing is in quarantine.")
    elif holder(settings.state_dir) is None:
        click.echo("The daemon is not running; `ai-traces backfill` does it now.", err=True)


def _held(store: Store) -> tuple[PageRecord, ...]:
    return (*store.standing(Standing.QUARANTINED), *store.standing(Standing.TRASHED))


def _released(record: PageRecord) -> PageRecord:
    standing = Standing.RESTORING if record.standing is Standing.TRASHED else Standing.TRACKED
    return replace(
        record, standing=standing, stamp=None, content_hash=None, what="", hint="", since=utc_now()
    )

"""`ai-traces backfill`."""

import asyncio
import json
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict

import click
from pydantic import SecretStr

from daemon.backfill.alone import backfill
from daemon.backfill.handover import hand_over
from daemon.backfill.progress import Progress
from daemon.backfill.rehearsal import Rehearsal, rehearse, totals
from daemon.backfill.tally import Summary, Tally
from daemon.cli.opening import open_settings
from daemon.cli.progress import progress_display
from daemon.config.settings import Settings
from daemon.config.values import LogLevel
from daemon.lock import StateLock
from daemon.session import open_session
from sync.errors import AlreadyRunning
from sync.state.store import Store


@click.command("backfill", epilog="Example: ai-traces backfill --dry-run")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--dry-run", is_flag=True, help="Print what would be done to each page; write nothing to Notion."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of sentences.")
def command(paths: tuple[str, ...], *, dry_run: bool, as_json: bool) -> int:
    """Bring every log and its page in step once, then end.

    PATH limits it to logs or directories inside the logs directory. It can be stopped at any time and
    goes on where it was. Beside a running daemon it hands its work to that one and shows how it goes.
    Ends with 0 when all is in step, with 1 when something is quarantined or failed,
    with 77 when Notion refuses access, with 78 when the configuration cannot be used.
    """
    settings, token = open_settings(least=LogLevel.WARNING)
    if dry_run:
        with StateLock(settings.state_dir), Store.open(settings.state_dir) as store:
            plans = asyncio.run(_rehearse(settings, token, store, paths))
        _print_plans(plans, as_json=as_json)
        return 0
    with progress_display(sys.stderr) as show:
        try:
            with StateLock(settings.state_dir), Store.open(settings.state_dir) as store:
                store.check()
                summary = asyncio.run(_backfill(settings, token, store, paths, show))
        except AlreadyRunning:
            with Store.open(settings.state_dir) as store:
                summary = asyncio.run(hand_over(settings, store, paths, show=show))
    click.echo(json.dumps(summary.as_json()) if as_json else _sentence(summary))
    return 0 if summary.in_step else 1


async def _backfill(
    settings: Settings,
    token: SecretStr,
    store: Store,
    paths: tuple[str, ...],
    show: Callable[[Progress], None],
) -> Summary:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    tally = Tally()
    async with open_session(settings, token, store, transport=None, note=tally.note) as session:
        return await backfill(session, tally, paths, stop=stop, show=show)


async def _rehearse(
    settings: Settings, token: SecretStr, store: Store, paths: tuple[str, ...]
) -> list[Rehearsal]:
    unchanged = settings.model_copy(update={"manage_schema": False})
    async with open_session(unchanged, token, store, transport=None, note=lambda _: None) as session:
        await session.connect()
        return list(rehearse(session, paths))


def _print_plans(plans: list[Rehearsal], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"plans": [asdict(each) for each in plans], "totals": totals(plans)}))
        return
    for each in plans:
        requests = "1 request" if each.requests == 1 else f"{each.requests} requests"
        click.echo(f"{each.intent:8}{each.path}  ({requests})")
    counts = ", ".join(f"{count:,} to {intent}" for intent, count in totals(plans).items())
    click.echo(f"Nothing was written. {counts or 'Everything is in step'}.")


def _sentence(summary: Summary) -> str:
    parts = [
        (summary.created, "created"),
        (summary.updated, "updated"),
        (summary.unchanged, "unchanged"),
        (summary.trashed, "left in the trash"),
        (summary.quarantined, "quarantined"),
        (summary.failed, "not done"),
    ]
    counts = ", ".join(f"{count:,} {word}" for count, word in parts if count) or "no logs"
    took = f"{summary.requests:,} requests, {summary.seconds:.1f} s"
    if summary.in_step:
        return f"✓ All in step: {counts} ({took})."
    return f"✗ Not all in step: {counts} ({took}). See `ai-traces status` for what to do."

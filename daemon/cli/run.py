"""`ai-traces run`."""

import asyncio
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path

import click

from daemon.cli.ending import EXIT_ALREADY_RUNNING, EXIT_CONFIGURATION, complain, exit_code
from daemon.cli.opening import Opening, open_command, verbose_option
from daemon.clock import utc_now
from daemon.interruption import terminable
from daemon.presence.lock import StateLock
from daemon.presence.notify import Notifier
from daemon.presence.pulse import Role
from daemon.presence.state_guard import guard_state
from daemon.presence.supervisor import Supervisor
from daemon.service import Service
from daemon.session import open_session
from daemon.state_dir import damage_set_aside, open_state
from daemon.stopping import stop_signal
from daemon.telemetry.metrics import metrics
from daemon.telemetry.rotating_log import RotatingLog
from sync.errors import SyncError
from sync.state.store import Store

HANGS_AFTER = 60.0
"""Seconds without a sign of life after which the daemon ends itself under launchd; systemd has a watchdog."""


@click.command("run", epilog="Example: ai-traces run")
@verbose_option
@click.option(
    "--log-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the log there instead of to stderr; old ones give way by themselves.",
)
@click.option(
    "--launchd",
    is_flag=True,
    help="As launchd needs it: end with 0 where a restart mends nothing, with 70 when hung.",
)
def command(*, verbose: bool, log_file: Path | None, launchd: bool) -> None:
    """Watch the logs and keep their pages in step, in the foreground, until SIGTERM or SIGINT.

    An outage, a bad token or a lost database never ends it: it stays up, says in `ai-traces status`
    what is wrong, and goes on by itself once that is mended.
    Ends with 75 when another one is running, with 78 when the configuration cannot be used.
    """
    with terminable(), _log_to(log_file):
        try:
            _run(verbose=verbose, notifier=_supervisor() if launchd else Notifier(os.environ))
        except SyncError as error:
            # launchd restarts for ever whatever ends with a code other than 0.
            if not launchd or exit_code(error) not in {EXIT_CONFIGURATION, EXIT_ALREADY_RUNNING}:
                raise
            complain(error)
        except KeyboardInterrupt:  # stopped before there was anything to shut down
            return


def _run(*, verbose: bool, notifier: Notifier) -> None:
    opening = open_command(verbose=verbose)
    state_dir = opening.settings.state_dir
    with (
        StateLock(state_dir) as lock,
        damage_set_aside(state_dir, now=utc_now),
        open_state(state_dir, now=utc_now()) as store,
    ):
        asyncio.run(_serve(opening, lock, store, notifier))


def _supervisor() -> Notifier:
    return Supervisor(os.environ, limit=HANGS_AFTER)


@contextmanager
def _log_to(path: Path | None) -> Iterator[None]:
    if path is None:
        yield
        return
    with RotatingLog(path) as log, redirect_stderr(log):
        yield


async def _serve(opening: Opening, lock: StateLock, store: Store, notifier: Notifier) -> None:
    stop = stop_signal()
    async with open_session(
        opening.settings,
        opening.token,
        store,
        transport=None,
        renew=opening.renewed,
        lock=lock,
        role=Role.DAEMON,
    ) as session:
        # What exists now lives as long as the daemon, so the collector can skip it.
        gc.freeze()
        with metrics(
            opening.settings.metrics_port,
            state_dir=opening.settings.state_dir,
            pulse=lambda: session.vitals.pulse,
            now=utc_now,
        ):
            async with guard_state(opening.settings.state_dir, stop):
                await Service(session, stop, notifier).run()

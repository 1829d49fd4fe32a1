"""`ai-traces run`."""

import asyncio
import gc
import os
import signal

import click
from pydantic import SecretStr

from daemon.cli.opening import open_settings
from daemon.clock import utc_now
from daemon.config.settings import Settings
from daemon.lock import StateLock
from daemon.notify import Notifier
from daemon.service import Service
from daemon.session import open_session
from daemon.state_dir import open_state
from sync.state.store import Store


@click.command("run", epilog="Example: ai-traces run")
def command() -> None:
    """Watch the logs and keep their pages in step, in the foreground, until SIGTERM or SIGINT.

    An outage, a bad token or a lost database never ends it: it stays up, says in `ai-traces status`
    what is wrong, and goes on by itself once that is mended.
    Ends with 75 when another one is running, with 78 when the configuration cannot be used.
    """
    settings, token = open_settings()
    with StateLock(settings.state_dir), open_state(settings.state_dir, now=utc_now()) as store:
        asyncio.run(_serve(settings, token, store))


async def _serve(settings: Settings, token: SecretStr, store: Store) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with open_session(settings, token, store, transport=None, note=lambda _: None) as session:
        # What lives now lives as long as the daemon: the collector need not look at it again.
        gc.freeze()
        await Service(session, stop, Notifier(os.environ)).run()

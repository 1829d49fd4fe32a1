"""`ai-traces demo`."""

import asyncio
import importlib.util
import socket
import sys
import tempfile
from pathlib import Path

import click

from daemon.cli.typed import Number
from daemon.extras import installing
from daemon.interruption import interruptible
from daemon.stopping import stop_signal
from sync.errors import ConfigurationError


@click.command("demo", epilog="Example: ai-traces demo --port 8765")
@click.option(
    "--port",
    type=Number(0, 65535),
    metavar="PORT",
    default=0,
    help="Of the built-in Notion; 0 for any.",
)
@interruptible("; it has touched nothing of yours")
def command(*, port: int) -> None:
    """Show the real daemon at work against a built-in Notion, with sample logs and pages to look at.

    Needs no account and touches nothing of yours. Without a terminal it ends by itself.
    """
    if importlib.util.find_spec("aiohttp") is None or importlib.util.find_spec("jinja2") is None:
        raise ConfigurationError("The built-in Notion is not installed", f"Run: {installing('demo')}")
    if not _is_free(port):
        raise ConfigurationError(
            f"Port {port} is taken by another program",
            "Choose another one, or leave --port out for any free one",
        )
    with tempfile.TemporaryDirectory(prefix="ai-traces-demo-") as directory:
        asyncio.run(_demonstrate(Path(directory), port))


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


async def _demonstrate(directory: Path, port: int) -> None:
    from daemon.demo import demonstrate  # noqa: PLC0415 - what it needs is an extra, asked for above

    stay = stop_signal() if sys.stdout.isatty() else None
    await demonstrate(directory, port=port, tell=click.echo, stay=stay)

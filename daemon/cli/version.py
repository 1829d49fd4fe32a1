"""`ai-traces version`."""

import platform
from importlib.metadata import version

import click

from sync.notion.api_version import API_VERSION
from sync.page.edition import RENDERER
from sync.state.migrations import STEPS


@click.command("version", epilog="Example: ai-traces version")
def command() -> None:
    """Say which version this is, and what it works with.

    A page of an older edition is brought up to date when nothing else waits, a state of an older version
    at the next start. A state of a newer version is left alone.
    """
    click.echo(f"ai-traces {version('ai-traces')}")
    click.echo(f"  Notion's API {API_VERSION} by notion-client {version('notion-client')}")
    click.echo(f"  pages of edition {RENDERER}, state of version {len(STEPS)}")
    click.echo(f"  Python {platform.python_version()} on {platform.system()} {platform.release()}")

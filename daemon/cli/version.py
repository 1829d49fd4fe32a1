"""`ai-traces version`."""

from importlib.metadata import version

import click


@click.command("version", epilog="Example: ai-traces version")
def command() -> None:
    """Say which version this is."""
    click.echo(f"ai-traces {version('ai-traces')}")

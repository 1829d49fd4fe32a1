"""`ai-traces setup`."""

import os
import sys
from pathlib import Path

import click
import platformdirs

from daemon.config.sources import APPLICATION
from daemon.here import here
from daemon.interruption import interruptible
from daemon.setup.flow import set_up
from daemon.setup.talk import Talk, Unattended
from daemon.setup.token_store import TokenKeeper
from daemon.setup.wishes import Machine, Wishes
from daemon.status.columns import visible
from sync.notion.identifiers import NotAnId, database_id


class _Identity(click.ParamType[str]):
    """An id in Notion, or the address of what has it."""

    name = "id"

    def __init__(self, called: str) -> None:
        self._called = called

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return database_id(value, called=self._called)
        except NotAnId as wrong:
            self.fail(f"this is no id and no address in Notion. {wrong.hint}.", param, ctx)


@click.command("setup", epilog="Example: ai-traces setup --views")
@click.option(
    "--token-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Take the token from this file instead of asking.",
)
@click.option(
    "--database",
    type=_Identity("AI Traces"),
    metavar="ID_OR_URL",
    help="The database, instead of choosing one.",
)
@click.option(
    "--create",
    type=_Identity("the page"),
    metavar="PAGE",
    help="Make a new database AI Traces below this page.",
)
@click.option("--views", is_flag=True, help="Make five views: exceptions, timeline, failures, gaps, tools.")
@click.option(
    "--store",
    "keeper",
    type=click.Choice(TokenKeeper, case_sensitive=False),
    default=TokenKeeper.AUTO,
    help="What keeps the token; auto is the keyring where there is one, else a private file.",
)
@click.option("--yes", is_flag=True, help="Ask nothing, and agree to what is missing.")
@interruptible("; nothing was changed")
def command(
    *,
    token_file: Path | None,
    database: str | None,
    create: str | None,
    views: bool,
    keeper: TokenKeeper,
    yes: bool,
) -> int:
    """Connect ai-traces with Notion: try the token, find the database, add what it lacks, keep the settings.

    What will change is shown first. What is there stays; a second run changes nothing.
    Ends with 0, with 1 when something is left for you, with 77 when Notion refuses access, with 78 when
    a setting or an answer is missing.
    """
    if database is not None and create is not None:
        raise click.UsageError("Give --database or --create, not both.")
    wishes = Wishes(token_file=token_file, database=database, create=create, views=views, keeper=keeper)
    machine = Machine(os.environ, here(), platformdirs.user_config_path(APPLICATION))
    attended = sys.stdin.isatty() and not yes
    talk: Talk = _Terminal() if attended else Unattended(_tell, agreed=yes)
    if not set_up(wishes, machine, talk, transport=None):
        return 1
    click.echo(
        "→ Look at everything once more: ai-traces doctor. Keep it running: ai-traces service install."
    )
    return 0


def _tell(text: str = "") -> None:
    colours = {"✓": "green", "⚠": "yellow", "✗": "red"}
    click.secho(visible(text), fg=colours.get(text[:1]))


class _Terminal:
    """A person at a terminal."""

    is_attended = True

    def tell(self, text: str = "") -> None:
        _tell(text)

    def ask(self, question: str, *, usual: str = "") -> str:
        return str(click.prompt(question, default=usual or None, type=str))

    def ask_secret(self, question: str) -> str:
        return str(click.prompt(question, hide_input=True, type=str))

    def agrees(self, question: str) -> bool:
        return click.confirm(question, default=True)

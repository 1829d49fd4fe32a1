"""Messages on stderr: an error for unusable input, and notes beside the result."""

import click

from daemon.cli.ending import EXIT_MISTYPED


class BadInput(click.ClickException):
    """Ends the command with 2, and says what is wrong and what to write instead."""

    exit_code = EXIT_MISTYPED

    def __init__(self, what: str, hint: str) -> None:
        self.what = what
        self.hint = hint
        super().__init__(f"{what}. {hint}." if hint else f"{what}.")


def note(text: str) -> None:
    """Print a sentence on stderr."""
    click.echo(f"{text}.", err=True)

"""What a person typed and what cannot be done with it; and what she is told beside the result."""

import click


class BadInput(click.ClickException):
    """Ends the command with 2, and says what is wrong and what to write instead."""

    exit_code = 2

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(f"{what}. {hint}." if hint else f"{what}.")


def note(text: str) -> None:
    """Tell a person something on stderr that is no result."""
    click.echo(f"{text}.", err=True)

"""How a failed command ends: its message and its exit code."""

import os

import click

from daemon.colour import allows_colour
from daemon.status.columns import visible
from sync.errors import (
    AccessLost,
    AlreadyRunning,
    Ambiguous,
    ConfigurationError,
    NoSuchLog,
    StateDamaged,
    StateFull,
    StateGone,
    StateUnusable,
    SyncError,
    Transient,
)

EXIT_NEEDS_A_PERSON = 1
EXIT_MISTYPED = 2
EXIT_ALREADY_RUNNING = 75
EXIT_ACCESS = 77
EXIT_CONFIGURATION = 78


def only_trouble(error: SyncError | ExceptionGroup[Exception]) -> SyncError | None:
    """Return the first expected error; None if there is an unexpected one among them."""
    if isinstance(error, SyncError):
        return error
    expected, defects = error.split(SyncError)
    if expected is None or defects is not None:
        return None
    first: BaseException = expected
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    assert isinstance(first, SyncError)  # noqa: S101 - split has left nothing else
    return first


def exit_code(error: SyncError) -> int:
    """Return the exit code for an error that ends the command."""
    match error:
        case AlreadyRunning():
            return EXIT_ALREADY_RUNNING
        case AccessLost():
            return EXIT_ACCESS
        case NoSuchLog():
            return EXIT_MISTYPED
        case StateFull() | StateGone() | StateDamaged():  # a restart may help
            return EXIT_NEEDS_A_PERSON
        case StateUnusable() | ConfigurationError():
            return EXIT_CONFIGURATION
        case _:
            return EXIT_NEEDS_A_PERSON


def coloured() -> bool | None:
    """Return False if nothing may be coloured, and None to let click decide by the terminal."""
    return None if allows_colour(os.environ) else False


def complain(error: SyncError) -> None:
    """Print on stderr what happened and what to do next."""
    click.secho(_shown(f"✗ {_ended(error.what)}"), fg="red", err=True, color=coloured())
    if hint := hint_of(error):
        click.echo(_shown(f"  {_ended(hint)}"), err=True)


def hint_of(error: SyncError) -> str:
    """Return what to do about an error; empty if nothing is known."""
    passes = isinstance(error, Transient | Ambiguous)
    usual = "Run the same command again in a few minutes; nothing is lost" if passes else ""
    return error.hint or usual


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."


def _shown(text: str) -> str:
    return "\n".join(map(visible, text.split("\n")))

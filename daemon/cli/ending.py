"""How a command that has failed ends: what a person is told, and with which exit code."""

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
    """Return the first failure that is for people; None when there is a defect among them."""
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
    """Return the exit code that a failure of the whole command has."""
    match error:
        case AlreadyRunning():
            return EXIT_ALREADY_RUNNING
        case AccessLost():
            return EXIT_ACCESS
        case NoSuchLog():
            return EXIT_MISTYPED
        case StateFull() | StateGone():  # the service is started again, and finds room, or begins anew
            return EXIT_NEEDS_A_PERSON
        case StateUnusable() | ConfigurationError():
            return EXIT_CONFIGURATION
        case _:
            return EXIT_NEEDS_A_PERSON


def coloured() -> bool | None:
    """Return whether a command colours what it prints: False never, None where a terminal can show it."""
    return None if allows_colour(os.environ) else False


def complain(error: SyncError) -> None:
    """Tell a person on stderr what happened and what to do next."""
    click.secho(_shown(f"✗ {_ended(error.what)}"), fg="red", err=True, color=coloured())
    if hint := error.hint or _usual_hint(error):
        click.echo(_shown(f"  {_ended(hint)}"), err=True)


def _usual_hint(error: SyncError) -> str:
    passes = isinstance(error, Transient | Ambiguous)
    return "Run the same command again in a few minutes; nothing is lost" if passes else ""


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."


def _shown(text: str) -> str:
    return "\n".join(map(visible, text.split("\n")))

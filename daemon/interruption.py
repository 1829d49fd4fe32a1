"""What a person is told when she ends a command before it is done."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

import click


@dataclass(eq=False)
class EndedEarly(Exception):
    """A command was ended before it was done.

    Attributes:
        left: What is done and what is not: the end of a sentence that begins with “Stopped”.
        code: The exit code.
    """

    left: str
    code: int

    def tell(self) -> None:
        """Say it on stderr, on a line of its own below the ^C of a terminal."""
        if sys.stderr.isatty():
            click.echo(err=True)
        click.echo(f"… Stopped{self.left}.", err=True)


@contextmanager
def interruptible(left: str, *, code: int | None = None) -> Iterator[None]:
    """Let Ctrl-C or SIGTERM end this with a sentence.

    Args:
        left: The end of a sentence that begins with “Stopped”: what is done, what is not.
        code: The exit code; None: 130 after Ctrl-C, 143 after SIGTERM.

    Raises:
        EndedEarly: It was ended so.
    """
    try:
        with terminable():
            yield
    except (KeyboardInterrupt, click.exceptions.Abort) as end:
        number = signal.SIGTERM if isinstance(end, _Terminated) else signal.SIGINT
        raise EndedEarly(left, code=128 + number if code is None else code) from None


class _Terminated(KeyboardInterrupt):
    """SIGTERM, where it ends a command as Ctrl-C does."""


@contextmanager
def terminable() -> Iterator[None]:
    """Let SIGTERM be heard as Ctrl-C is, as a KeyboardInterrupt; only the main thread hears either."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    is_told = False

    def terminate(_number: int, frame: FrameType | None) -> None:
        nonlocal is_told
        is_told = True
        # Where asyncio has made Ctrl-C end its tasks in order, SIGTERM does the same.
        interrupt = signal.getsignal(signal.SIGINT)
        (interrupt if callable(interrupt) else signal.default_int_handler)(signal.SIGINT, frame)

    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    except KeyboardInterrupt:
        if is_told:
            raise _Terminated from None
        raise
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)

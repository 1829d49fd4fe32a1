"""The options that `patterns` and `audit` share: which logs are read together, and which contract."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from pathlib import Path

import click

from daemon.cli.bad_input import BadInput
from daemon.cli.typed import Day, Number
from daemon.config.settings import Settings
from daemon.patterns.choice import LastLogs, LogChoice, LogsSince
from sync.contract.document import Document, Unreadable, read_contract

LAST = 50
"""Logs that are read unless told."""

TOP = 5
"""Decisions that Jen is asked for at most unless told."""

FILE = click.Path(path_type=Path)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingOptions:
    """The typed options.

    Attributes:
        last: How many of the newest logs to read; None if not given.
        since: The first day whose logs to read; None if not given.
        contract: The contract's file; None if not given.
        top: The largest number of decisions to ask for.
    """

    last: int | None
    since: date | None
    contract: Path | None
    top: int

    @property
    def typed(self) -> tuple[str, ...]:
        """The options as they were typed, for a command that reads the same logs again."""
        given = (
            ("--last", self.last),
            ("--since", self.since),
            ("--contract", self.contract),
            ("--top", None if self.top == TOP else self.top),
        )
        return tuple(word for option, value in given if value is not None for word in (option, str(value)))

    def choice(self) -> LogChoice:
        """Return the choice of logs that `--last` or `--since` makes."""
        if self.since is None:
            return LastLogs(self.last or LAST)
        if self.last is not None:
            raise BadInput("--last and --since both say which logs are read", "Use one of them")
        return LogsSince(self.since)

    def document(self, settings: Settings) -> Document | None:
        """Read the given contract, else that of the settings; None if there is neither."""
        path = self.contract or settings.contract
        if path is None:
            return None
        try:
            contract = read_contract(path.name, path.expanduser().read_bytes())
        except OSError as error:
            raise BadInput(
                f"The contract {path} cannot be read ({(error.strerror or 'error').lower()})",
                "Name a markdown file with --contract, or set AI_TRACES_CONTRACT to where it is",
            ) from None
        if isinstance(contract, Unreadable):
            raise BadInput(contract.what, contract.hint)
        return contract


def reading_options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command these options, which it receives as one value `options`."""

    @click.option("--last", type=Number(1), metavar="N", help=f"Read the last N logs; {LAST} unless told.")
    @click.option(
        "--since", type=Day(), metavar="DATE", help="Read the logs since that day, such as 2026-01-10."
    )
    @click.option(
        "--contract",
        type=FILE,
        metavar="FILE",
        help="Propose changes to it; else to that of AI_TRACES_CONTRACT.",
    )
    @click.option(
        "--top",
        type=Number(0),
        default=TOP,
        metavar="K",
        help=f"Ask for at most K decisions; {TOP} unless told.",
    )
    @wraps(command)
    def with_options(
        *args: object, last: int | None, since: date | None, contract: Path | None, top: int, **more: object
    ) -> int:
        options = ReadingOptions(last=last, since=since, contract=contract, top=top)
        return command(*args, options=options, **more)

    return with_options


def refuse_among_logs(file: Path, root: Path) -> None:
    """Refuse to write a file in the logs directory, where it would be taken for a log."""
    try:
        place = Path(os.path.realpath(file))
    except FileNotFoundError:
        raise BadInput("The directory that you are in was deleted", "Go to another, such as: cd ~") from None
    if place.is_relative_to(os.path.realpath(root)):
        raise BadInput(
            f"{file} lies in the logs directory, where it would be taken for a log", "Write it elsewhere"
        )

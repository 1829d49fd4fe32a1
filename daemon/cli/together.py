"""Which logs are read together, and beside which contract: as a person says it to `patterns` and `audit`."""

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
class Together:
    """Which logs a person wants read together, and how, as she typed it.

    Attributes:
        contract: The file that she named; None when she named none.
        top: Decisions that she is asked for at most.
    """

    last: int | None
    since: date | None
    contract: Path | None
    top: int

    def choice(self) -> LogChoice:
        """Return the choice of logs that `--last` or `--since` makes."""
        if self.since is None:
            return LastLogs(self.last or LAST)
        if self.last is not None:
            raise BadInput("--last and --since both say which logs are read", "Use one of them")
        return LogsSince(self.since)

    def document(self, settings: Settings) -> Document | None:
        """Read the contract that she named, else that of the settings; None when there is neither."""
        return _contract_of(self.contract or settings.contract)


def read_together(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options that say which logs are read together; it gets them as one value."""

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
        wanted = Together(last=last, since=since, contract=contract, top=top)
        return command(*args, together=wanted, **more)

    return with_options


def _contract_of(path: Path | None) -> Document | None:
    """Read the contract; None when none is named."""
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


def refuse_among_logs(file: Path, root: Path) -> None:
    """Refuse to write where it would be taken for a log."""
    try:
        place = Path(os.path.realpath(file))
    except FileNotFoundError:
        raise BadInput("The directory that you are in was deleted", "Go to another, such as: cd ~") from None
    if place.is_relative_to(os.path.realpath(root)):
        raise BadInput(
            f"{file} lies in the logs directory, where it would be taken for a log", "Write it elsewhere"
        )

"""Which logs are read together, and beside which contract: as a person says it to `patterns` and `audit`."""

import os
from datetime import date
from pathlib import Path

import click

from daemon.cli.bad_input import BadInput
from daemon.cli.typed import Day, Number
from daemon.patterns.choice import Choice, LastLogs, LogsSince
from sync.contract.document import Document, Unreadable, read

LAST = 50
"""Logs that are read unless told."""

TOP = 5
"""Decisions that Jen is asked for at most unless told."""

FILE = click.Path(path_type=Path)

last_option = click.option(
    "--last", type=Number(1), metavar="N", help=f"Read the last N logs; {LAST} unless told."
)
since_option = click.option(
    "--since", type=Day(), metavar="DATE", help="Read the logs since that day, such as 2026-01-10."
)
contract_option = click.option(
    "--contract", type=FILE, metavar="FILE", help="Propose changes to it; else to AI_TRACES_CONTRACT."
)
top_option = click.option(
    "--top", type=Number(0), default=TOP, metavar="K", help=f"Ask for at most K decisions; {TOP} unless told."
)


def choice_of(last: int | None, since: date | None) -> Choice:
    """Return which logs are meant."""
    if since is None:
        return LastLogs(last or LAST)
    if last is not None:
        raise BadInput("--last and --since both say which logs are read", "Use one of them")
    return LogsSince(since)


def contract_of(path: Path | None) -> Document | None:
    """Read the contract; None when none is named."""
    if path is None:
        return None
    try:
        contract = read(path.name, path.expanduser().read_bytes())
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

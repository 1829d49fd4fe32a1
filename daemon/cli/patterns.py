"""`ai-traces patterns`."""

import asyncio
import gc
import json
import os
import sys
from datetime import datetime
from pathlib import Path

import click
from tzlocal import get_localzone

from daemon.cli.bad_input import BadInput, note
from daemon.config.settings import Settings, load
from daemon.patterns.ledger_file import ledger_file
from daemon.patterns.logs import Choice, LastLogs, LogsSince, window_of
from daemon.private_file import write_text
from daemon.watching.paths import require_root
from sync.contract.document import Document, Unreadable, read
from sync.errors import ConfigurationError
from sync.patterns.extraction import extract, handed_over
from sync.patterns.handoff import Handoff, hand_off
from sync.patterns.handoff_json import json_of
from sync.patterns.handoff_text import text_of

_LAST = 50
_TOP = 5
_FILE = click.Path(path_type=Path)


@click.command("patterns", epilog="Example: ai-traces patterns --last 100 --contract ~/jen-os/contract.md")
@click.option(
    "--last", type=click.IntRange(1), metavar="N", help=f"Read the last N logs; {_LAST} unless told."
)
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Read the logs since that day."
)
@click.option(
    "--contract", type=_FILE, metavar="FILE", help="Propose changes to it; else to AI_TRACES_CONTRACT."
)
@click.option(
    "--top", type=click.IntRange(0), default=_TOP, metavar="K", help=f"Propose at most K changes; {_TOP}."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of the hand-off.")
@click.option("--output", type=_FILE, metavar="FILE", help="Write it to a file instead of printing it.")
@click.option("--diff", "diff_file", type=_FILE, metavar="FILE", help="Write the diff to a file, too.")
@click.option("--publish", is_flag=True, help="Bring it to Notion, too, as a page of Type Handoff.")
def command(  # noqa: PLR0913 - click gives an argument for each option
    *,
    last: int | None,
    since: datetime | None,
    contract: Path | None,
    top: int,
    as_json: bool,
    output: Path | None,
    diff_file: Path | None,
    publish: bool,
) -> int:
    """Tell what keeps breaking: read logs together, and propose changes to the contract for Jen to decide.

    Changes neither a log nor the contract, and asks Notion nothing unless told to publish. The same logs give
    the same hand-off. Ends with 0, or with 2 when something that was typed cannot be used.
    """
    gc.disable()  # thousands of logs are read, and the process ends: nothing of it is worth collecting
    settings = load(os.environ)
    require_root(settings.logs_dir)
    for file in filter(None, (output, diff_file)):
        _refuse_among_logs(file, settings.logs_dir)
    document = _contract(contract or settings.contract)
    handoff = _handed_over(settings, _choice(last, since), document, top=top)
    told = _as_json(handoff) if as_json else text_of(handoff)
    if diff_file is not None:
        _write(diff_file, handoff.diff)
    if output is not None:
        _write(output, told)
    else:
        sys.stdout.buffer.write(told.encode())
        sys.stdout.flush()
    if publish:
        _publish(handoff)
    return 0


def _handed_over(settings: Settings, choice: Choice, document: Document | None, *, top: int) -> Handoff:
    """Return the hand-off; it is remembered as given."""
    with ledger_file(settings.state_dir, note=note) as file:
        ledger = file.read()
        window = window_of(settings.logs_dir, choice, zone=get_localzone(), note=note)
        basis = ledger.basis(window)
        extraction = extract(window, basis.memory)
        again = ledger.again(window)
        handoff = hand_off(extraction, before=basis, again=again, contract=document, top=top)
        file.write(basis.after(handoff.given, handed_over(extraction.memory, extraction)))
    if extraction.uncompared:
        note(f"{extraction.uncompared} records are too many to be compared; --last N reads fewer logs")
    return handoff


def _publish(handoff: Handoff) -> None:
    # Only here is a token needed, and what speaks to Notion.
    from daemon.cli.opening import open_settings  # noqa: PLC0415
    from daemon.config.values import LogLevel  # noqa: PLC0415
    from daemon.patterns.publication import publish  # noqa: PLC0415

    settings, token = open_settings(least=LogLevel.WARNING)
    address = asyncio.run(publish(settings, token, handoff, transport=None))
    note(f"Published: {address}" if address else "Published")


def _as_json(handoff: Handoff) -> str:
    return f"{json.dumps(json_of(handoff), ensure_ascii=False)}\n"


def _choice(last: int | None, since: datetime | None) -> Choice:
    if since is None:
        return LastLogs(last or _LAST)
    if last is not None:
        raise BadInput("--last and --since both say which logs are read", "Use one of them")
    return LogsSince(since.date())


def _contract(path: Path | None) -> Document | None:
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


def _refuse_among_logs(file: Path, root: Path) -> None:
    if file.resolve().is_relative_to(root.resolve()):
        raise BadInput(
            f"{file} lies in the logs directory, where it would be taken for a log", "Write it elsewhere"
        )


def _write(file: Path, text: str) -> None:
    try:
        write_text(file, text)
    except ConfigurationError as error:
        raise BadInput(error.what, "Name a file in a directory that you may write to") from None
    note(f"Written to {file}")

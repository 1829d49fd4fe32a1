"""`ai-traces audit`."""

import gc
import importlib.metadata
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import click
from tzlocal import get_localzone

from daemon.cli.bad_input import BadInput, note
from daemon.cli.together import (
    FILE,
    choice_of,
    contract_of,
    contract_option,
    last_option,
    refuse_among_logs,
    since_option,
    top_option,
)
from daemon.config.settings import Settings, load
from daemon.patterns.bundle_folder import require_own, write
from daemon.patterns.logs import Choice, LastLogs, LogsSince, Reading, reading_of
from daemon.patterns.registry_file import registry_file
from daemon.watching.paths import require_root
from sync.auditor.bundle import LETTER, Bundle, Unfit, bundle_of
from sync.auditor.judging import Heard, heard
from sync.auditor.manifest import MANIFEST, Making
from sync.auditor.reply import Reply, reply_of
from sync.auditor.reply_text import json_of, not_taken, text_of
from sync.contract.document import Document
from sync.errors import ConfigurationError
from sync.patterns.extraction import extract
from sync.patterns.handoff import hand_off
from sync.patterns.telling import count

_NAME = "ai-traces-audit"
_LARGEST_REPLY = 1_000_000
_SAID = 20
"""Lines that are named one by one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the bundle is asked to be made of."""

    choice: Choice
    contract: Document | None
    top: int
    singletons: bool


class _Unsafe(click.ClickException):
    """Ends the command with 1: the bundle would give something away."""

    exit_code = 1


@click.group("audit", invoke_without_command=True, epilog="Example: ai-traces audit --last 100")
@last_option
@since_option
@contract_option
@top_option
@click.option(
    "--output", type=FILE, metavar="DIR", help=f"Write the folder there; {_NAME}-DAY, here, unless told."
)
@click.option("--include-singletons", is_flag=True, help="Add what only one run met.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of the folder's path.")
@click.pass_context
def command(  # noqa: PLR0913 - click gives an argument for each option
    context: click.Context,
    *,
    last: int | None,
    since: datetime | None,
    contract: Path | None,
    top: int,
    output: Path | None,
    include_singletons: bool,
    as_json: bool,
) -> int:
    """Make a folder for an outside auditor, such as Perplexity; with `import`, take in what he answers.

    The folder has audit.md (to be read first), the records, a copy of the contract, the proposed diff and
    a manifest. Secrets, addresses, phone numbers, home directories and Notion ids are taken out of all of
    it. The same logs give the same bytes. When nothing came up in more than one run, it says so, and so does
    audit.md. Ends with 0, with 1 and no folder when something secret would
    still be in it, or with 2 when something that was typed cannot be used.
    """
    if context.invoked_subcommand is not None:
        return 0
    gc.disable()  # thousands of logs are read, and the process ends: nothing of it is worth collecting
    settings = load(os.environ)
    require_root(settings.logs_dir)
    wish = _Wish(choice_of(last, since), contract_of(contract or settings.contract), top, include_singletons)
    bundle, folder = _made(settings, wish, output)
    click.echo(_as_json(bundle, folder) if as_json else folder)
    note(_next(bundle, wish))
    return 0


def _next(bundle: Bundle, wish: _Wish) -> str:
    """Say what is in the bundle, and what to do with it."""
    give = f"Give the auditor {LETTER}, and the other files if he takes them."
    records = count(bundle.records, "record")
    if bundle.patterns:
        found = count(bundle.patterns, "pattern")
        return f"{found}, {records}. {give} When he has answered: ai-traces audit import FILE"
    if bundle.records:
        return f"No pattern, {records} of single runs. {give} His answer is for you to read; do not import it"
    if wish.singletons:
        return "There is nothing to audit: no log that was read tells of a trouble"
    return (
        "There is nothing to audit: nothing came up in more than one run. The folder says so, too. "
        "More logs: --last 100. What only one run met: --include-singletons"
    )


def _made(settings: Settings, wish: _Wish, output: Path | None) -> tuple[Bundle, Path]:
    """Write the bundle; what it asks about is remembered, and nothing else."""
    if output is not None:
        _refuse(output, settings)
    with registry_file(settings.state_dir, note=note) as file:
        registry = file.read()
        reading = reading_of(settings.logs_dir, wish.choice, zone=get_localzone(), note=note)
        basis = registry.basis(reading.window)
        handoff = hand_off(
            extract(reading.window, basis.memory),
            before=basis,
            again=registry.again(reading.window),
            contract=wish.contract,
            top=wish.top,
        )
        bundle = bundle_of(handoff, _making(wish, reading))
        if isinstance(bundle, Unfit):
            raise _Unsafe("\n".join(_warned(bundle)))
        day = f"-{bundle.asked.until}" if bundle.asked.until else ""
        folder = output or Path(f"{_NAME}{day}")
        _refuse(folder, settings)
        try:
            write(folder, bundle.files)
        except ConfigurationError as error:
            raise BadInput(error.what, error.hint) from None
        file.write(replace(registry, audited=replace(registry.audited, asked=bundle.asked)))
    return bundle, folder


def _making(wish: _Wish, reading: Reading) -> Making:
    return Making(
        version=importlib.metadata.version("ai-traces"),
        last=wish.choice.count if isinstance(wish.choice, LastLogs) else None,
        since=wish.choice.day.isoformat() if isinstance(wish.choice, LogsSince) else None,
        top=wish.top,
        singletons=wish.singletons,
        sources=reading.sources,
        unread=reading.unread,
    )


def _refuse(folder: Path, settings: Settings) -> None:
    refuse_among_logs(folder, settings.logs_dir)
    try:
        require_own(folder)
    except ConfigurationError as error:
        raise BadInput(error.what, error.hint) from None


def _warned(unfit: Unfit) -> Iterator[str]:
    yield "Nothing was written: something that looks secret or personal would still be in the bundle."
    for leak in unfit.leaks[:_SAID]:
        yield f"- {leak.where}"
    if len(unfit.leaks) > _SAID:
        yield f"- and {len(unfit.leaks) - _SAID} more places"
    yield "Take it out there, or say it in other words, and run ai-traces audit again."


def _as_json(bundle: Bundle, folder: Path) -> str:
    manifest = json.loads(bundle.files[MANIFEST])
    return json.dumps(
        {
            "folder": str(folder),
            "patterns": bundle.patterns,
            "records": bundle.records,
            "shortened": bundle.is_shortened,
            "files": {each["name"]: each["sha256"] for each in manifest["files"]},
            "dropped": manifest["dropped"],
        },
        ensure_ascii=False,
    )


@command.command("import", epilog="Example: ai-traces audit import answer.md")
@click.argument("file", type=click.Path(allow_dash=True, path_type=Path), metavar="FILE")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def import_(*, file: Path, as_json: bool) -> int:
    """Take in an auditor's answer; `-` reads what comes on standard input.

    Understands lines of JSON, in prose or alone, and lines with a check mark, a warning sign or a cross that
    name a pattern. What he says stands beside its pattern in the next hand-off, and decides nothing. Done
    twice, it changes nothing. Ends with 0, or with 2 when there is no such file or nothing could be kept.
    """
    reply = reply_of(_read(file))
    with registry_file(load(os.environ).state_dir, note=note) as kept:
        registry = kept.read()
        result = heard(reply.findings, registry)
        if result.kept and result.registry != registry:
            kept.write(result.registry)
    if as_json:
        sys.stdout.buffer.write(f"{json.dumps(json_of(reply, result), ensure_ascii=False)}\n".encode())
    elif result.kept:
        sys.stdout.buffer.write(text_of(reply, result).encode())
    sys.stdout.flush()
    _tell(reply, result)
    if not result.kept:
        raise BadInput(
            "Nothing in this answer could be kept",
            "A finding names a pattern that `ai-traces audit` or `ai-traces patterns` has told of, and has "
            "one of ✓ ⚠ ✗; the end of audit.md shows the form",
        )
    return 0


def _tell(reply: Reply, result: Heard) -> None:
    told = list(not_taken(reply, result))
    for sentence in told[:_SAID]:
        note(sentence)
    if len(told) > _SAID:
        note(f"And {len(told) - _SAID} lines more; --json lists them")


def _read(file: Path) -> str:
    try:
        if str(file) == "-":
            content = sys.stdin.buffer.read(_LARGEST_REPLY + 1)
        else:
            with file.open("rb") as opened:
                content = opened.read(_LARGEST_REPLY + 1)
    except OSError as error:
        raise BadInput(
            f"{file} cannot be read ({(error.strerror or 'error').lower()})",
            "Name the file with the auditor's answer, or - for standard input",
        ) from None
    if len(content) > _LARGEST_REPLY:
        raise BadInput(f"{file} is longer than 1 MB", "Keep only the auditor's answer in it")
    return content.decode("utf-8-sig", "replace")

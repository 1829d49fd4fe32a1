"""`ai-traces audit`."""

import gc
import os
import sys
from pathlib import Path

import click
from click.core import ParameterSource

from daemon.cli import hinting
from daemon.cli.as_object import done_so_far, json_option, print_object
from daemon.cli.bad_input import BadInput, note
from daemon.cli.reading_options import FILE, ReadingOptions, reading_options, refuse_among_logs
from daemon.config.settings import load
from daemon.interruption import interruptible
from daemon.patterns.registry_file import registry_file
from daemon.watching.paths import require_root
from sync.auditor.judging import JudgedReply, judge
from sync.auditor.reply import Reply, reply_of
from sync.auditor.reply_text import json_of, not_taken, text_of

_LARGEST_REPLY = 1_000_000
_SAID = 20
"""The number of lines that are listed; the rest is counted."""


@click.group("audit", invoke_without_command=True, epilog="Example: ai-traces audit --last 100")
@reading_options
@click.option(
    "--output",
    type=FILE,
    metavar="DIR",
    help="Write the folder there; ai-traces-audit-DAY, here, unless told.",
)
@click.option("--include-singletons", is_flag=True, help="Add what only one run met.")
@json_option("Print one JSON object instead of the folder's path.")
@click.pass_context
@interruptible("; no folder was made, unless it is named above")
def command(
    context: click.Context,
    *,
    options: ReadingOptions,
    output: Path | None,
    include_singletons: bool,
    as_json: bool,
) -> int:
    """Make a folder for an outside auditor, such as Perplexity; with `import`, take in what he answers.

    The folder has audit.md (to be read first), the records, a copy of the contract, the proposed diff and
    a manifest. Secrets, addresses, phone numbers, home directories and Notion ids are taken out of all of
    it. The same logs give the same bytes; a time that is written without a time zone is read in this
    machine's. When nothing came up in more than one run, it says so, and so does audit.md. Ends with 0, with
    1 and no folder when something secret would still be in it, or with 2 when something that was typed cannot
    be used.
    """
    if context.invoked_subcommand is not None:
        _refuse_options(context, context.invoked_subcommand)
        return 0
    gc.disable()  # the process ends after this, so collecting garbage is wasted time
    settings = load(os.environ)
    require_root(settings.logs_dir)
    choice, document = options.choice(), options.document(settings)
    refuse_among_logs(output or Path(), settings.logs_dir)
    with hinting():
        from daemon.cli.audit_bundle import make  # noqa: PLC0415 - `import` works without the grouping
        from daemon.patterns.bundling import BundleRequest  # noqa: PLC0415 - same
    make(
        settings,
        BundleRequest(choice, document, options.top, include_singletons),
        output=output,
        as_json=as_json,
    )
    return 0


def _refuse_options(context: click.Context, subcommand: str) -> None:
    """Refuse the options of a bundle where none is made."""
    typed = [
        max(option.opts, key=len)
        for option in context.command.params
        if option.name and context.get_parameter_source(option.name) is ParameterSource.COMMANDLINE
    ]
    if typed:
        raise BadInput(
            f"{' and '.join(typed)} says how a bundle is made, and `audit {subcommand}` makes none",
            f"Write: ai-traces audit {subcommand} FILE",
        )


@command.command(
    "import", short_help="Take in an auditor's answer.", epilog="Example: ai-traces audit import answer.md"
)
@click.argument("file", type=click.Path(allow_dash=True, path_type=Path), metavar="FILE")
@json_option("Print one JSON object.")
@interruptible("; nothing was taken in, unless it is said above")
def import_(*, file: Path, as_json: bool) -> int:
    """Take in an auditor's answer; `-` reads what comes on standard input.

    Understands lines of JSON, in prose or alone, and lines with a check mark, a warning sign or a cross that
    name a pattern. What he says stands beside its pattern in the next hand-off, and decides nothing. Done
    twice, it changes nothing. Ends with 0, or with 2 when there is no such file or nothing could be kept.
    """
    reply = reply_of(_read(file))
    with registry_file(load(os.environ).state_dir, note=note) as kept:
        registry = kept.read()
        result = judge(reply.findings, registry)
        if result.kept and result.registry != registry:
            kept.write(result.registry)
    done_so_far(json_of(reply, result))
    if result.kept and as_json:
        print_object(json_of(reply, result))
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


def _tell(reply: Reply, result: JudgedReply) -> None:
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

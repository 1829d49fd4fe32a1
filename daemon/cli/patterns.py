"""`ai-traces patterns`."""

import gc
import os
import sys
from pathlib import Path

import click

from daemon.cli import hinting
from daemon.cli.as_object import done_so_far, json_option
from daemon.cli.bad_input import BadInput, note
from daemon.cli.reading_options import FILE, ReadingOptions, reading_options, refuse_among_logs
from daemon.config.settings import Settings, load
from daemon.interruption import interruptible
from daemon.patterns.model import Model
from daemon.text_files import write_output
from daemon.watching.paths import require_root
from sync.errors import ConfigurationError

_SECONDS = 60.0
"""How long a model may take to answer, in seconds."""

_PART_PUBLISHED = (
    " while it was published; run the same command again: it looks for the page first, and makes no second"
)

_ATTEMPTS = 2
"""How often an overloaded or unreachable model is asked again."""


@click.command("patterns", epilog="Example: ai-traces patterns --last 100 --contract ~/jen-os/contract.md")
@reading_options
@json_option("Print one JSON object instead of the hand-off.")
@click.option("--output", type=FILE, metavar="FILE", help="Write it to a file instead of printing it.")
@click.option("--diff", "diff_file", type=FILE, metavar="FILE", help="Write the diff to a file, too.")
@click.option("--publish", is_flag=True, help="Bring it to Notion, too, as a page of Type Handoff.")
@click.option("--model", metavar="NAME", help="Let this model of Anthropic word it; needs ai-traces[model].")
@interruptible("; no log and no contract was changed, and nothing was published")
def command(
    *,
    options: ReadingOptions,
    as_json: bool,
    output: Path | None,
    diff_file: Path | None,
    publish: bool,
    model: str | None,
) -> int:
    """Tell what keeps breaking: read logs together, and propose changes to the contract for Jen to decide.

    Changes neither a log nor the contract, and asks Notion nothing unless told to publish. The same logs give
    the same hand-off. A model may word names, changes and expectations; without an answer that passes every
    check the words of the logs stay. Ends with 0, or with 2 when something that was typed cannot be used.
    """
    gc.disable()  # the process ends after this, so collecting garbage is wasted time
    settings = load(os.environ)
    require_root(settings.logs_dir)
    for file in filter(None, (output, diff_file)):
        refuse_among_logs(file, settings.logs_dir)
    choice, document = options.choice(), options.document(settings)
    with hinting():
        from daemon.cli.patterns_handoff import handed_over, printed_handoff, published  # noqa: PLC0415 - help goes without
        from sync.patterns.handoff.as_json import json_of  # noqa: PLC0415 - same
    handoff = handed_over(settings, choice, document, top=options.top, model=_model(model, settings))
    told = printed_handoff(handoff, as_json=as_json, typed=options.typed)
    if diff_file is not None:
        _write(diff_file, handoff.diff)
    if output is not None:
        _write(output, told)
    elif not as_json:
        _print(told)
    if publish:
        if output is None:
            done_so_far(json_of(handoff))
        with interruptible(_PART_PUBLISHED):
            published(handoff)
    if as_json and output is None:
        _print(told)  # last, since its object says what became of the publication
    return 0


def _print(text: str) -> None:
    sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()


def _model(name: str | None, settings: Settings) -> Model | None:
    if name is None:
        return None
    return Model(name=name, key=settings.anthropic_api_key, seconds=_SECONDS, attempts=_ATTEMPTS)


def _write(file: Path, text: str) -> None:
    try:
        write_output(file, text)
    except ConfigurationError as error:
        raise BadInput(error.what, error.hint) from None
    note(f"Written to {file}")

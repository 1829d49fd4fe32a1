"""`ai-traces patterns`."""

import gc
import os
import sys
from pathlib import Path

import click

from daemon.cli import hinting
from daemon.cli.bad_input import BadInput, note
from daemon.cli.together import FILE, Together, read_together, refuse_among_logs
from daemon.config.settings import Settings, load
from daemon.output_file import write_output
from daemon.patterns.model import Model
from daemon.watching.paths import require_root
from sync.errors import ConfigurationError

_SECONDS = 60.0
"""That a model may take for an answer."""

_ATTEMPTS = 2
"""How often it is asked again when it is overloaded or out of reach."""


@click.command("patterns", epilog="Example: ai-traces patterns --last 100 --contract ~/jen-os/contract.md")
@read_together
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of the hand-off.")
@click.option("--output", type=FILE, metavar="FILE", help="Write it to a file instead of printing it.")
@click.option("--diff", "diff_file", type=FILE, metavar="FILE", help="Write the diff to a file, too.")
@click.option("--publish", is_flag=True, help="Bring it to Notion, too, as a page of Type Handoff.")
@click.option("--model", metavar="NAME", help="Let this model of Anthropic word it; needs ai-traces[model].")
def command(
    *,
    together: Together,
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
    gc.disable()  # thousands of logs are read, and the process ends: nothing of it is worth collecting
    settings = load(os.environ)
    require_root(settings.logs_dir)
    for file in filter(None, (output, diff_file)):
        refuse_among_logs(file, settings.logs_dir)
    choice, document = together.choice(), together.document(settings)
    with hinting():
        from daemon.cli.patterns_handoff import handed_over, printed_handoff, published  # noqa: PLC0415 - help goes without
    handoff = handed_over(settings, choice, document, top=together.top, model=_model(model, settings))
    told = printed_handoff(handoff, as_json=as_json)
    if diff_file is not None:
        _write(diff_file, handoff.diff)
    if output is not None:
        _write(output, told)
    else:
        sys.stdout.buffer.write(told.encode())
        sys.stdout.flush()
    if publish:
        published(handoff)
    return 0


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

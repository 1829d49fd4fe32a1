"""`ai-traces patterns`."""

import asyncio
import gc
import json
import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

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
from daemon.output_file import write_output
from daemon.patterns.choice import Choice
from daemon.patterns.logs import window_of
from daemon.patterns.model import Model
from daemon.patterns.registry_file import registry_file
from daemon.patterns.wording import in_words
from daemon.watching.paths import require_root
from sync.contract.document import Document
from sync.errors import ConfigurationError
from sync.names import Property
from sync.patterns.handoff.as_json import json_of
from sync.patterns.handoff.as_text import text_of
from sync.patterns.handoff.extraction import extract, handed_over
from sync.patterns.handoff.handoff import Handoff, hand_off
from sync.patterns.handoff.shown import count

if TYPE_CHECKING:  # what speaks to Notion is loaded only to publish
    from daemon.patterns.linking import Linked

_SECONDS = 60.0
"""That a model may take for an answer."""

_ATTEMPTS = 2
"""How often it is asked again when it is overloaded or out of reach."""


@click.command("patterns", epilog="Example: ai-traces patterns --last 100 --contract ~/jen-os/contract.md")
@last_option
@since_option
@contract_option
@top_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of the hand-off.")
@click.option("--output", type=FILE, metavar="FILE", help="Write it to a file instead of printing it.")
@click.option("--diff", "diff_file", type=FILE, metavar="FILE", help="Write the diff to a file, too.")
@click.option("--publish", is_flag=True, help="Bring it to Notion, too, as a page of Type Handoff.")
@click.option("--model", metavar="NAME", help="Let this model of Anthropic word it; needs ai-traces[model].")
def command(  # noqa: PLR0913 - click gives an argument for each option
    *,
    last: int | None,
    since: date | None,
    contract: Path | None,
    top: int,
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
    document = contract_of(contract or settings.contract)
    handoff = _handed_over(settings, choice_of(last, since), document, top=top)
    handoff = in_words(handoff, settings.state_dir, model=_model(model, settings), note=note)
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
    with registry_file(settings.state_dir, note=note) as file:
        registry = file.read()
        window = window_of(settings.logs_dir, choice, zone=get_localzone(), note=note)
        basis = registry.basis(window)
        extraction = extract(window, basis.memory)
        again = registry.again(window)
        handoff = hand_off(extraction, before=basis, again=again, contract=document, top=top)
        file.write(basis.after(handoff.given, handed_over(extraction.memory, extraction)))
    if extraction.uncompared:
        note(f"{extraction.uncompared} records are too many to be compared; --last N reads fewer logs")
    return handoff


def _model(name: str | None, settings: Settings) -> Model | None:
    if name is None:
        return None
    return Model(name=name, key=settings.anthropic_api_key, seconds=_SECONDS, attempts=_ATTEMPTS)


def _publish(handoff: Handoff) -> None:
    # Only here is a token needed, and what speaks to Notion.
    from daemon.cli.opening import open_settings  # noqa: PLC0415
    from daemon.config.values import LogLevel  # noqa: PLC0415
    from daemon.patterns.publication import publish  # noqa: PLC0415

    settings, token = open_settings(least=LogLevel.WARNING)
    published = asyncio.run(publish(settings, token, handoff, transport=None))
    note(f"Published: {published.address}" if published.address else "Published")
    for sentence in _led_back(published.linked, settings.property_names[Property.PATTERNS]):
        note(sentence)


def _led_back(linked: "Linked | None", name: str) -> Iterator[str]:
    """Say what became of the way back from the pages of logs."""
    if linked is None:
        yield (
            f"The pages of its logs do not lead back to it: the database has no property “{name}”. "
            "Add a text property of that name in Notion, and publish again"
        )
        return
    if linked.done:
        yield f"Brought in step with it: the pages of {count(linked.done, 'log')}"
    if linked.listed and linked.by_daemon:
        yield f"Left to the running daemon: the pages of {count(linked.listed, 'log')}"
    elif linked.listed:
        yield (
            f"Not yet in step with it: the pages of {count(linked.listed, 'log')}; "
            "start the daemon, or publish again in a minute"
        )


def _as_json(handoff: Handoff) -> str:
    return f"{json.dumps(json_of(handoff), ensure_ascii=False)}\n"


def _write(file: Path, text: str) -> None:
    try:
        write_output(file, text)
    except ConfigurationError as error:
        raise BadInput(error.what, error.hint) from None
    note(f"Written to {file}")

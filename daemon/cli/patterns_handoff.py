"""Make the hand-off of `ai-traces patterns`; apart from it, as only this needs the grouping's libraries."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from daemon.cli.bad_input import note
from daemon.config.settings import Settings
from daemon.local_zone import local_zone
from daemon.patterns.choice import LogChoice
from daemon.patterns.logs import window_of
from daemon.patterns.model import Model
from daemon.patterns.registry_file import registry_file
from daemon.patterns.wording import in_words
from sync.amounts import counted
from sync.contract.document import Document
from sync.names import Property
from sync.patterns.handoff.as_json import json_of
from sync.patterns.handoff.as_text import text_of
from sync.patterns.handoff.extraction import extract, remember_handoff
from sync.patterns.handoff.handoff import Handoff, hand_off

if TYPE_CHECKING:  # what speaks to Notion is loaded only to publish
    from daemon.patterns.linking import Linked


def handed_over(
    settings: Settings, choice: LogChoice, document: Document | None, *, top: int, model: Model | None
) -> Handoff:
    """Return the hand-off, worded by a model if there is one, and remember it as given."""
    with registry_file(settings.state_dir, note=note) as file:
        registry = file.read()
        window = window_of(settings.logs_dir, choice, zone=local_zone(), note=note)
        basis = registry.basis(window)
        extraction = extract(window, basis.memory)
        again = registry.again(window)
        handoff = hand_off(extraction, before=basis, again=again, contract=document, top=top)
        file.write(basis.after(handoff.given, remember_handoff(extraction.memory, extraction)))
    if extraction.uncompared:
        note(f"{extraction.uncompared} records are too many to be compared; --last N reads fewer logs")
    return in_words(handoff, settings.state_dir, model=model, note=note)


def printed_handoff(handoff: Handoff, *, as_json: bool, typed: Sequence[str]) -> str:
    """Return the printed form of a hand-off that was asked for with these options."""
    if as_json:
        return f"{json.dumps(json_of(handoff), ensure_ascii=False)}\n"
    return text_of(handoff, typed=typed)


def published(handoff: Handoff) -> None:
    """Publish a hand-off to Notion, and say where it is and which pages link back to it."""
    # Only publishing needs a token and the modules for Notion.
    from daemon.cli.opening import open_settings  # noqa: PLC0415
    from daemon.config.values import LogLevel  # noqa: PLC0415
    from daemon.patterns.publication import publish  # noqa: PLC0415

    settings, token = open_settings(least=LogLevel.WARNING)
    published = asyncio.run(publish(settings, token, handoff, transport=None))
    note(f"Published: {published.address}" if published.address else "Published")
    for sentence in _led_back(published.linked, settings.property_names[Property.PATTERNS]):
        note(sentence)


def _led_back(linked: "Linked | None", name: str) -> Iterator[str]:
    """Say which pages of logs link back to the hand-off."""
    if linked is None:
        yield (
            f"The pages of its logs do not lead back to it: the database has no property “{name}”. "
            "Add a text property of that name in Notion, and publish again"
        )
        return
    if linked.done:
        yield f"Brought in step with it: the pages of {counted(linked.done, 'log')}"
    if linked.listed and linked.by_daemon:
        yield f"Left to the running daemon: the pages of {counted(linked.listed, 'log')}"
    elif linked.listed:
        yield (
            f"Not yet in step with it: the pages of {counted(linked.listed, 'log')}; "
            "start the daemon, or publish again in a minute"
        )

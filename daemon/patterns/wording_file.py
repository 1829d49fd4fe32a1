"""A model's words in the state directory: its last answer, and the sentences that Jen was shown."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from daemon.text_files import read_private, write_private
from sync.errors import ConfigurationError, StateUnusable
from sync.patterns.names import PatternId

_NAME = "wording.json"


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """A model's answer to a prompt, kept so that the same question is not asked twice."""

    model: str
    prompt: str
    response: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The sentence that Jen was shown for a change, and that of the logs."""

    sentence: str
    instead_of: str


@dataclass(frozen=True, slots=True)
class Wordings:
    """What is remembered of a model's words.

    Attributes:
        answered: The model's last answer; None if there is none.
        shown: The changes that the last hand-off showed in a model's words, which are what Jen accepts.
    """

    answered: CachedResponse | None = None
    shown: Mapping[PatternId, Shown] = field(default_factory=lambda: MappingProxyType({}))


def read_wordings(state_dir: Path) -> Wordings:
    """Return what is remembered; nothing if it cannot be understood, so that a model is asked again."""
    try:
        return _from_json(json.loads(read_private(state_dir / _NAME) or "null"))
    except (ConfigurationError, KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return Wordings()


def write_wordings(state_dir: Path, wordings: Wordings) -> None:
    """Replace what is remembered, atomically.

    Raises:
        StateUnusable: It cannot be written; what was remembered is unchanged.
    """
    answered = wordings.answered
    told = {
        "answered": None if answered is None else [answered.model, answered.prompt, answered.response],
        "shown": {
            pattern: [each.sentence, each.instead_of] for pattern, each in sorted(wordings.shown.items())
        },
    }
    try:
        write_private(state_dir / _NAME, f"{json.dumps(told, ensure_ascii=True, indent=1)}\n")
    except ConfigurationError as error:
        raise StateUnusable(error.what, error.hint) from error


def _from_json(value: Any) -> Wordings:  # noqa: ANN401 - any JSON at all
    if value is None:
        return Wordings()
    answered = value["answered"]
    shown = {
        PatternId(pattern): Shown(str(sentence), str(before))
        for pattern, (sentence, before) in value["shown"].items()
    }
    return Wordings(
        None if answered is None else CachedResponse(*map(str, answered)), MappingProxyType(shown)
    )

"""The fields of a new log as they are given: JSON, flags, or flags over JSON."""

import json
from collections.abc import Mapping

from daemon.authoring.composing import NotWritten


def from_json(text: str) -> Mapping[str, object]:
    """Return the fields that one JSON object gives.

    Raises:
        NotWritten: It is anything else.
    """
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise NotWritten(f"The JSON ends or goes wrong in line {error.lineno}: {error.msg.lower()}") from None
    except RecursionError:
        raise NotWritten("The JSON is nested too deeply") from None
    if not isinstance(found, dict):
        raise NotWritten("The JSON is no object: write { and the fields, as --schema shows them")
    return found


def from_flags(flags: Mapping[str, object]) -> Mapping[str, object]:
    """Return the fields that flags give; those left out are not there."""
    return {name: value for name, value in flags.items() if value not in {None, ()}}

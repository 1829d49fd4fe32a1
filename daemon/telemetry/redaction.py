"""Keep secrets out of everything that is logged."""

import re
from collections.abc import Mapping
from typing import TypeAlias

REDACTED = "[REDACTED]"

_TOKEN = re.compile(r"\b(?:ntn_|secret_)[A-Za-z0-9]{20,}")
_SHORTEST_SECRET = 8  # a shorter text would also be found in innocent words

Plain: TypeAlias = str | int | float | bool | Mapping[str, "Plain"] | list["Plain"] | None


def redact_value(value: object, *, secrets: tuple[str, ...]) -> Plain:
    """Return `value` as plain values, with every one of `secrets` and whatever looks like a token taken out.

    Strings are searched at any depth, keys included; any other value is replaced by its searched `repr`.
    """
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return redact_text(value, secrets=secrets)
        case bytes():
            return redact_text(value.decode("utf-8", "backslashreplace"), secrets=secrets)
        case Mapping():
            return {
                redact_text(str(key), secrets=secrets): redact_value(each, secrets=secrets)
                for key, each in value.items()
            }
        case list() | tuple() | set() | frozenset():
            return [redact_value(each, secrets=secrets) for each in value]
        case _:
            return redact_text(repr(value), secrets=secrets)


def redact_text(text: str, *, secrets: tuple[str, ...]) -> str:
    """Return `text` with every one of `secrets`, and whatever looks like a token, taken out."""
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, REDACTED)
    return _TOKEN.sub(REDACTED, text)

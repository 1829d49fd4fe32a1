"""Secrets that are known by what stands before them: `password=…`, `"api_key": "…"`, `--token …`."""

import re
from collections.abc import Iterator
from typing import Final

from sync.redaction.finding import SecretFinding
from sync.redaction.named_values import SHORTEST_LOOSE, ValuePlace, bridges, place_of_value
from sync.redaction.searched import Searched
from sync.redaction.secret_names import STEMS, SecretKind, names_a_secret
from sync.redaction.strength import (
    is_name,
    is_password,
    is_random,
    is_reference,
    is_stand_in,
)

_RULES: Final = {SecretKind.PASSWORD: "password", SecretKind.KEY: "keyed-secret"}
_SEEN_BEFORE: Final = 80
_OF_CODE: Final = re.compile(r"@[a-z_][\w.]*$|[A-Za-z_]\w*=|--?[A-Za-z\[]|[a-z_]\w*(?:\.[A-Za-z_]\w*)+$")
"""A decorator below a `pass`, an argument or an option that is passed."""

_SIGNS: Final = re.compile(r"[^a-z0-9]")
_CONNECTS: Final = re.compile(
    r";[ ]?(?:server|host|port|addr|uid|user|user id|username|database|driver|encrypt|sslmode|charset)[ ]?=",
    re.IGNORECASE,
)
"""What goes on behind a value of a connection string."""


def find(searched: Searched) -> Iterator[SecretFinding]:
    """Find the secrets that a name announces; the name and the quotes stay."""
    text = searched.text
    judged: dict[tuple[str, str, bool, bool, bool], bool] = {}
    for stem, kind in STEMS:
        rule = _RULES[kind]
        for start, bridge in bridges(searched, stem, kind) if searched.holds(stem) else ():
            place = _place(text, start, bridge, kind)
            if place is None or place.start >= place.end:
                continue
            value = text[place.start : place.end]
            question = (value, rule, place.quoted, place.sure, place.loose)
            if (secret := judged.get(question)) is None:
                secret = judged[question] = _is_secret(value, kind, place)
            if secret and not _is_harmless(value, text, start, bridge):
                yield SecretFinding(rule, ((place.start, place.end),))


def _place(text: str, start: int, bridge: re.Match[str], kind: SecretKind) -> ValuePlace | None:
    """Return where the value of the name with this stem may stand; None when it is no name of a secret."""
    seen = max(0, start - _SEEN_BEFORE)
    before, stem = text[max(seen, text.rfind("\n", seen, start) + 1) : start], text[start : bridge.start()]
    return place_of_value(text, bridge, before, stem) if names_a_secret(before, stem, kind) else None


def _is_harmless(value: str, text: str, start: int, bridge: re.Match[str]) -> bool:
    """Tell whether a value that may be a secret is none behind this name."""
    return _is_its_own_name(value, text, start, bridge) or _is_directory(value, text, start, bridge)


def _is_its_own_name(value: str, text: str, start: int, bridge: re.Match[str]) -> bool:
    """Tell whether a value says its name again, as those of a list of choices do.

    That of a variable does not: in `POSTGRES_PASSWORD=postgres_password` somebody made it easy to remember.
    """
    name = text[max(start - len(value), 0) : bridge.start("close")]
    if name[-3:].lower() != value[-3:].lower():
        return False
    if (
        name[-len(value) :].isupper()
        and value.islower()
        and text[bridge.start("close") : bridge.end()] == "="
    ):
        return "_" not in value
    return _SIGNS.sub("", name.lower()).endswith(_SIGNS.sub("", value.lower()))


def _is_directory(value: str, text: str, start: int, bridge: re.Match[str]) -> bool:
    """Tell whether a value is the working directory: `PWD=/srv/app`."""
    if not value.startswith("/") or text[start : bridge.start("close")].lower() != "pwd":
        return False
    return text[start - 1 : start] not in {"_", ";"} and not _CONNECTS.match(text, bridge.end() + len(value))


def _is_secret(value: str, kind: SecretKind, place: ValuePlace) -> bool:
    return _is_strong(value, kind, place) and not is_stand_in(value) and not is_reference(value)


def _is_strong(value: str, kind: SecretKind, place: ValuePlace) -> bool:
    if place.loose and (len(value) < SHORTEST_LOOSE[kind] or is_name(value) or _OF_CODE.match(value)):
        return False
    match kind:
        case SecretKind.PASSWORD:
            return is_password(value, sure=place.sure and not place.loose)
        case SecretKind.KEY:
            return is_random(value) and (place.quoted or not is_name(value))

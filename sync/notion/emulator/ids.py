"""Identities: new ones from a seed, and given ones in the form Notion prints."""

import random
import re
from urllib.parse import quote, unquote

from sync.notion.emulator.refusals import expected

_HEX = re.compile(r"[0-9a-f]{32}")
_DASHED = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NIL = "0" * 32
_PROPERTY_CHARACTERS = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ:;<>=?@[]\\^_`{|}~"


class IdSource:
    """Makes identities that are the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  # identities of a stand-in guard nothing

    def uuid(self) -> str:
        """Return a new id in Notion's form: version 8, with dashes."""
        digits = f"{self._random.getrandbits(128):032x}"
        return dashed(f"{digits[:12]}8{digits[13:16]}{'89ab'[int(digits[16], 16) % 4]}{digits[17:]}")

    def seed(self) -> int:
        """Return a seed for a source that goes on where this one ends."""
        return self._random.getrandbits(64)

    def property_id(self) -> str:
        """Return a new property id: four characters, printed percent-encoded as Notion does."""
        return quote("".join(self._random.choices(_PROPERTY_CHARACTERS, k=4)), safe="~")


def dashed(digits: str) -> str:
    """Return 32 hexadecimal digits in the form 8-4-4-4-12."""
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def given_id(value: object, path: str) -> str:
    """Take an id with or without dashes; version and variant are checked, as Notion does."""
    if not isinstance(value, str):
        raise expected(path, "a string", value)
    text = value.lower()
    digits = text.replace("-", "") if _DASHED.fullmatch(text) else text
    if not _HEX.fullmatch(digits) or not _well_formed(digits):
        raise expected(path, "a valid uuid", value)
    return dashed(digits)


def same_property(given: str, identity: str) -> bool:
    """Tell whether a property id, as printed or as it is, means this property."""
    return given in {identity, unquote(identity)}


def _well_formed(digits: str) -> bool:
    return digits == _NIL or (digits[12] in "12345678" and digits[16] in "89ab")

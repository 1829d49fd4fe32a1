"""Escape texts for systemd units and property lists."""

from pathlib import Path
from xml.sax.saxutils import escape

from sync.errors import ConfigurationError


def word(text: str | Path) -> str:
    """Return one word of a unit's setting, such as a path or `NAME=value`, quoted if necessary."""
    plain = whole_value(text)
    if plain and not set(plain) & set(" \t\"'\\;:#"):
        return plain
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def argument(text: str | Path) -> str:
    """Return one word of a command line in a unit."""
    return word(text).replace("$", "$$")


def whole_value(text: str | Path) -> str:
    """Return a text that is the whole value of a unit's setting.

    Raises:
        ConfigurationError: It has a character that a unit cannot hold.
    """
    return _printable(str(text)).replace("%", "%%")


def xml(text: str | Path) -> str:
    """Return a text as the content of an element in a property list.

    Raises:
        ConfigurationError: It has a character that a property list cannot hold.
    """
    return escape(_printable(str(text)))


def _printable(text: str) -> str:
    if not all(character.isprintable() for character in text):
        raise ConfigurationError(
            f"{text!r} has a line break or another character that cannot stand in a service's description",
            "Rename the directory, or change the setting that has it",
        )
    return text

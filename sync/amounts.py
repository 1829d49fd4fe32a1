"""Amounts in words: numbers with their nouns, lengths of time. Pure."""

from datetime import timedelta
from typing import Final

_UNITS: Final = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
"""The length of each unit in seconds."""


def counted(number: int, noun: str, *, plural: str = "") -> str:
    """Return a number with its noun, in the plural where that is due.

    Args:
        number: The number.
        noun: The noun in the singular.
        plural: The noun in the plural; empty if that takes no more than an s.
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def time_span(length: timedelta) -> str:
    """Return a length of time in words, in its largest unit."""
    seconds = max(0, round(length.total_seconds()))
    for size, unit in _UNITS:
        if seconds >= size:
            return counted(seconds // size, unit)
    return "a moment"

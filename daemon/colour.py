"""Whether the environment allows coloured output."""

from collections.abc import Mapping


def allows_colour(environ: Mapping[str, str]) -> bool:
    """Return whether colours are allowed: NO_COLOR is not set, or is empty."""
    return not environ.get("NO_COLOR")

"""The directory that a command is started in."""

from pathlib import Path


def here() -> Path:
    """Return it; by its short name where it was deleted meanwhile, for then it has no other."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return Path()

"""The current directory, and paths relative to it; both survive its deletion."""

import os
from pathlib import Path


def here() -> Path:
    """Return the current directory; as `.` if it was deleted, since it has no other name then."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return Path()


def from_here(typed: str) -> Path | None:
    """Return a typed path as an absolute one, without following a symlink at its end.

    Return None for a relative path if the current directory was deleted.
    """
    try:
        return Path(os.path.abspath(typed))  # noqa: PTH100 - `resolve` follows the last part, too
    except FileNotFoundError:
        return None

"""The directory that a command is started in."""

import os
from pathlib import Path


def here() -> Path:
    """Return it; by its short name where it was deleted meanwhile, for then it has no other."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return Path()


def from_here(typed: str) -> Path | None:
    """Return where a path leads that a person typed; a link as its last part is not followed.

    None when it is relative and the directory was deleted meanwhile: then it leads nowhere.
    """
    try:
        return Path(os.path.abspath(typed))  # noqa: PTH100 - `resolve` follows the last part, too
    except FileNotFoundError:
        return None

"""Standard streams that are of no use: closed before the program started, or on a full disk."""

import errno
import os
import sys
from pathlib import Path

from sync.errors import SyncError

_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO))


def reopen_closed_streams() -> None:
    """Open closed streams on /dev/null; otherwise the next open file, such as the state, would become one."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for good


def unwritable_output(error: OSError) -> SyncError | None:
    """Return what to tell when the output takes nothing more, and drop the rest; None for other trouble."""
    if error.errno not in _FULL or error.filename is not None:
        return None
    sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - else the exit fails by it, too
    return SyncError(
        f"The output cannot be written ({(error.strerror or 'error').lower()})",
        "Make room on the disk, or send it elsewhere, and run the same command again",
    )

"""Standard streams that were closed before the program started."""

import os
import sys
from pathlib import Path


def reopen_closed_streams() -> None:
    """Open closed streams on /dev/null; otherwise the next open file, such as the state, would become one."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for good

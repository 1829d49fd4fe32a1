"""Under which path a file is a log: its name in the file system, and the one that identifies it."""

import os
import re
import sys
import unicodedata
from pathlib import Path

from sync.names import LogPath


def accepts(path: str) -> bool:
    """Tell by its relative POSIX path whether a file is a log.

    Hidden files and directories, and the temporary names of editors and downloads, are none.
    """
    return path[-3:].lower() == ".md" and is_visible(path)


def is_visible(path: str) -> bool:
    """Tell by its relative POSIX path whether neither a file nor any directory above it is hidden."""
    if "/" not in path:  # as every name that a scan lists
        return path[:1] not in ("", ".", "~")
    framed = f"/{path}/"
    return not ("/." in framed or "/~" in framed or "//" in framed)


# A byte that is no UTF-8 is shown as \xNN; a backslash that would read like one is shown as \x5c.
_MISTAKABLE = re.compile(r"\\(?=x(?:5c|[89a-f][0-9a-f]))")
_SHOWN_BYTE = re.compile(r"\\x(5c|[89a-f][0-9a-f])")
_UNDECODED = re.compile("[\udc80-\udcff]")


def to_log_path(fs_relative: str) -> LogPath:
    """Return the log path of a path as the file system gives it, relative to the logs directory.

    It is valid Unicode whatever the bytes of the name are, and no two files share one. On macOS the accents
    of a name are composed, as its scans and its events spell the same name in two ways.
    """
    if fs_relative.isascii() and "\\" not in fs_relative:
        return LogPath(fs_relative)
    text = os.fsencode(fs_relative).decode("utf-8", "surrogateescape")
    if sys.platform == "darwin":
        text = unicodedata.normalize("NFC", text)
    text = _MISTAKABLE.sub(r"\\x5c", text)
    return LogPath(_UNDECODED.sub(lambda byte: f"\\x{ord(byte[0]) - 0xDC00:02x}", text))


def to_fs_relative(path: LogPath) -> str:
    """Return the path as the file system spells it, relative to the logs directory."""
    raw = _SHOWN_BYTE.sub(lambda shown: "\\" if shown[1] == "5c" else chr(0xDC00 + int(shown[1], 16)), path)
    return os.fsdecode(raw.encode("utf-8", "surrogateescape"))


def resolve(root: Path, path: LogPath) -> str:
    """Return where the log lies in the file system."""
    return os.path.join(root, to_fs_relative(path))  # noqa: PTH118 - pathlib would drop `.` and `//`

"""Parse a log without a file."""

from datetime import UTC

from sync.names import LogPath
from sync.tracelog.model import TraceLog
from sync.tracelog.parsing.parser import parse


def read(text: str, path: str = "2026-01-10-x.md") -> TraceLog:
    """Parse the text of a log, with UTC as the time zone of the machine."""
    return parse(text.encode(), LogPath(path), zone=UTC)

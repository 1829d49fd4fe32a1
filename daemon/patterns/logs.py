"""Read the chosen logs of the logs directory together."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path

from daemon.patterns.choice import LastLogs, LogChoice, LogsSince
from daemon.watching.scan import Found, scan
from sync.amounts import counted
from sync.auditor.manifest import Source
from sync.errors import LogUnreadable
from sync.files import ReadLog, read_log
from sync.names import LogPath
from sync.patterns.names import RecordKey
from sync.patterns.records.record import record_key_of
from sync.patterns.records.taking import records_of
from sync.patterns.records.window import Window
from sync.redaction.content import redact_file
from sync.tracelog.parsing.parser import parse

_SECTION = b"\n##"


@dataclass(frozen=True, slots=True)
class ChosenLogs:
    """The chosen logs.

    Attributes:
        window: The parsed logs.
        sources: The digest and the redactions of each log.
        unread: The logs that could not be read, some of which might have been chosen.
    """

    window: Window
    sources: Mapping[LogPath, Source] = field(repr=False)
    unread: tuple[LogPath, ...]


def window_of(root: Path, choice: LogChoice, *, zone: tzinfo, note: Callable[[str], None]) -> Window:
    """Return the chosen logs alone; see `chosen_logs`."""
    return chosen_logs(root, choice, zone=zone, note=note).window


def chosen_logs(root: Path, choice: LogChoice, *, zone: tzinfo, note: Callable[[str], None]) -> ChosenLogs:
    """Read the chosen logs; of all others only the head is parsed, which says when they ran.

    Args:
        root: The logs directory.
        choice: The choice of logs.
        zone: The time zone of timestamps that name none.
        note: Called for each log that cannot be read and is left out.

    Raises:
        RootUnavailable: The logs directory cannot be listed.
    """
    found, unread = _contents(root, note)
    chosen: Collection[LogPath] = found
    if not (isinstance(choice, LastLogs) and len(found) <= choice.count):
        heads = choice.window(parse(_head(log.content), path, zone=zone) for path, log in found.items())
        chosen = [head.path for head in heads.logs]
    if isinstance(choice, LogsSince) and found and not chosen:
        note(f"None of {counted(len(found), 'log')} is of {choice.day} or later")
    cleaned = {path: redact_file(found[path].content) for path in chosen}
    return ChosenLogs(
        choice.window(parse(each.parts[0], path, zone=zone) for path, each in cleaned.items()),
        {path: Source(found[path].digest, each.counts) for path, each in cleaned.items()},
        unread,
    )


def records_on_line(path: LogPath, content: bytes, *, line: int, zone: tzinfo) -> set[RecordKey]:
    """Return the keys of the records that begin on a line of a log."""
    log = parse(redact_file(content).parts[0], path, zone=zone)
    return {record_key_of(record) for record in records_of(log) if record.line == line}


def _contents(
    root: Path, note: Callable[[str], None]
) -> tuple[Mapping[LogPath, ReadLog], tuple[LogPath, ...]]:
    """Return every log that can be read, and the paths of the others."""
    found: dict[LogPath, ReadLog] = {}
    unread: list[LogPath] = []
    for finding in scan(root):
        if not isinstance(finding, Found):
            note(f"{finding.path} is left out: it cannot be read ({finding.reason})")
            unread.append(finding.path)
            continue
        try:
            reading = read_log(root, finding.path)
        except LogUnreadable as error:
            note(f"{finding.path} is left out: {error}")
            unread.append(finding.path)
            continue
        if isinstance(reading, ReadLog):
            found[finding.path] = reading
    return found, tuple(sorted(unread))


def _head(content: bytes) -> bytes:
    """Return a log up to its first section, with all of its fields."""
    end = content.find(_SECTION)
    return content if end < 0 else content[:end]

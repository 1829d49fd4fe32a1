"""Lint a log: the parser's warnings, its form, its name, and logs that seem to be missing beside it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sync.names import LogPath
from sync.tracelog.linting.repair import Repair
from sync.tracelog.linting.style import Remark, check_style
from sync.tracelog.linting.style_rules import StyleRule
from sync.tracelog.linting.when_to_log import Neighbours, advise
from sync.tracelog.model import FormatWarning, TraceLog
from sync.tracelog.parsing.parser import parse
from sync.tracelog.rules import Rule
from sync.tracelog.title import file_name_parts

_NO_NAME = re.compile(r"[^\w.]+")
_LONGEST_ID = 200
"""The longest id in a file name, in bytes; a whole name may have 255."""

NAME_RULES = frozenset(
    rule.id for rule in (Rule.FILE_NAME, Rule.WRONG_FOLDER, StyleRule.FILE_DAY, StyleRule.FILE_ID)
)
"""The rules about a log's path, which do not apply to a text without a file."""


@dataclass(frozen=True, slots=True)
class LintFinding:
    """A finding about a log.

    Attributes:
        warning: The rule that is broken, and where.
        repair: What mends it in the file; None if a person has to.
        rename: The file name that mends it; None if the name is right, or the right one is unknown.
        is_advice: Whether it asks for another log rather than for a change of this one.
    """

    warning: FormatWarning
    repair: Repair | None = None
    rename: str | None = None
    is_advice: bool = False

    @property
    def is_mendable(self) -> bool:
        """Whether `mend` can mend it."""
        return self.repair is not None or self.rename is not None


def lint(content: bytes, path: LogPath, *, neighbours: Neighbours | None) -> tuple[LintFinding, ...]:
    """Return all findings about a log, in the order of its lines.

    Args:
        content: The bytes of the file.
        path: Its path below the logs directory.
        neighbours: The other logs; None if they are unknown, so that no missing log is reported.
    """
    log = parse(content, path, zone=UTC)
    found = [_understood(warning, log) for warning in log.warnings]
    if log.text.strip():
        found += (_remarked(remark) for remark in check_style(log))
        found += (LintFinding(warning) for warning in _check_name(log))
        found += (
            LintFinding(each, is_advice=True) for each in (advise(log, neighbours) if neighbours else ())
        )
    return tuple(sorted(found, key=lambda each: (each.warning.line, each.warning.column)))


def _understood(warning: FormatWarning, log: TraceLog) -> LintFinding:
    if warning.rule == Rule.DASHES_HEADING.id:
        return LintFinding(warning, repair=Repair(warning.line, 0, ("",)))
    if warning.rule == Rule.FILE_NAME.id:
        return LintFinding(warning, rename=_right_name(log))
    return LintFinding(warning)


def _remarked(remark: Remark) -> LintFinding:
    return LintFinding(remark.warning, repair=remark.repair)


def _check_name(log: TraceLog) -> Iterator[FormatWarning]:
    parts = file_name_parts(log.path.rsplit("/", 1)[-1])
    if parts is None:
        return
    day, name = parts
    if log.timestamp is not None and day not in _days(log.timestamp):
        yield StyleRule.FILE_DAY.at(1, day=_utc_day(log.timestamp).isoformat())
    named, titled = (_NO_NAME.sub("-", each).casefold().strip("-") for each in (name, log.log_id))
    if named not in titled and titled not in named:
        yield StyleRule.FILE_ID.at(1, log_id=log.log_id)


def _days(timestamp: datetime | date) -> set[date]:
    """Return the days that a file name may have: that of the timestamp in UTC, and in its own zone."""
    written = timestamp.date() if isinstance(timestamp, datetime) else timestamp
    return {written, _utc_day(timestamp)}


def _utc_day(timestamp: datetime | date) -> date:
    return timestamp.astimezone(UTC).date() if isinstance(timestamp, datetime) else timestamp


def _right_name(log: TraceLog) -> str | None:
    """Return the file name by the log's day and id; None if it has no timestamp or no usable id."""
    if log.timestamp is None:
        return None
    name = _NO_NAME.sub("-", log.log_id).strip("-.")
    if not name or len(name.encode()) > _LONGEST_ID:
        return None
    return f"{_utc_day(log.timestamp).isoformat()}-{name}.md"

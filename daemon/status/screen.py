"""Lay out the status report as lines of text. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from daemon.presence.pulse import Pulse, Role
from daemon.status.columns import clipped, visible, width, wrapped
from daemon.status.report import Problem, Report
from daemon.titles import UNTITLED
from sync.amounts import counted, time_span

MOST_SHOWN = 10
"""The number of problems that are shown."""

Colour: TypeAlias = Literal["red", "yellow", "green", "cyan"]

_OLD = timedelta(seconds=4)
"""The age from which on the rate is shown with its age; while it changes, it is newer."""

_LONGEST = timedelta(days=3_650)
"""The longest time between two requests that is shown."""

_MOST_TOLD = 1_000_000_000
"""The highest rate that is shown as a number."""

_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Line:
    """A line of visible text.

    Attributes:
        link: The address that it links to; empty for none.
    """

    text: str
    colour: Colour | None = None
    bold: bool = False
    link: str = ""


def screen(report: Report, *, columns: int | None) -> Iterator[Line]:
    """Yield the lines of a report.

    Args:
        report: The report.
        columns: The largest width of a line; None to wrap nothing, for output that is not a terminal.
    """
    yield from _set(_headline(report), columns=columns)
    for fact in _facts(report):
        yield from _set(fact, columns=columns, indent=2)
    if report.place is not None and report.place.url:
        title = visible(report.place.title).strip() or UNTITLED
        yield from _link(report.place.url, label=f"{title}:", columns=columns)
    for problem in report.problems[:MOST_SHOWN]:
        yield Line("")
        yield from _problem(problem, report.at, columns=columns)
    if len(report.problems) > MOST_SHOWN:
        yield Line("")
        yield Line(f"… and {len(report.problems) - MOST_SHOWN:,} more: ai-traces status --json")


def _headline(report: Report) -> Line:
    if report.needs_a_person:
        count = sum(problem.needs_a_person for problem in report.problems)
        return Line(f"✗ Something needs you: {counted(count, 'problem')}", "red", bold=True)
    if report.pulse is not None and report.pulse.outage is not None:
        return Line(f"⚠ Waiting: {visible(report.pulse.outage.what)}", "yellow", bold=True)
    if report.pending:
        return Line(f"… {counted(report.pending, 'log')} on the way to Notion", "yellow", bold=True)
    if not report.files and report.last_sync is None:
        return Line(f"· No logs found in {visible(str(report.logs_dir))} yet", "yellow", bold=True)
    if report.problems:
        return Line("✓ All in step, with remarks", "yellow", bold=True)
    return Line("✓ All in step", "green", bold=True)


def _facts(report: Report) -> Iterator[Line]:
    if not report.is_remembered:
        yield Line(f"{counted(report.files, 'log')}; which of them are in step is not known")
        yield Line(_at_work(report))
        return
    yield Line(
        f"{counted(report.files, 'log')}: {report.synced:,} in step, {report.pending:,} waiting, "
        f"{report.quarantined:,} in quarantine, {report.trashed:,} trashed"
    )
    last = (
        f"last change {time_span(report.at - report.last_sync)} ago" if report.last_sync else "no page so far"
    )
    yield Line(f"{_at_work(report)}; {last}")
    if report.pulse is not None:
        yield Line(_pace(report, report.pulse))
    if report.working is None and report.last_sync is None and not report.files and not report.problems:
        yield Line("→ Start it with `ai-traces service install`: the first log becomes the first page")


def _at_work(report: Report) -> str:
    working = report.working
    if working is None:
        return "Daemon not running"
    pulse = working.pulse
    lasting = "" if pulse is None else f" for {time_span(report.at - pulse.started)}"
    match None if pulse is None else pulse.role:
        case Role.BACKFILL:
            return f"Daemon not running, but a backfill{lasting} (process {working.pid})"
        case Role.REPAIR:
            return f"Daemon not running, but a repair{lasting} (process {working.pid})"
        case Role.DAEMON | None:
            return f"Daemon running{lasting} (process {working.pid})"


def _pace(report: Report, pulse: Pulse) -> str:
    pace = _paced(pulse.per_minute)
    if pulse.paused_until is not None and pulse.paused_until > report.at:
        pace = f"Notion asked for a pause, {time_span(pulse.paused_until - report.at)} more"
    elif pulse.hosts > 1 or pulse.per_minute < pulse.ceiling:
        pace = f"{pace}{_of_whom(pulse)}"
    if (age := report.at - pulse.beat) >= _OLD:
        pace = f"{pace} (as of {time_span(age)} ago)"
    if not report.pending:
        return f"Queue empty; {pace}"
    waiting = f" for {time_span(report.at - report.waiting_since)}" if report.waiting_since else ""
    left = "" if report.drained_in is None else f", {_about(report.drained_in)} to go"
    return f"Queue: {counted(report.pending, 'log')}, waiting{waiting}{left}; {pace}"


def _about(length: timedelta) -> str:
    return f"about {time_span(length)}" if round(length.total_seconds()) else time_span(length)


def _of_whom(pulse: Pulse) -> str:
    """Say why the rate is below the ceiling: others share it, or Notion asked for less."""
    is_slow = pulse.per_minute < 1
    if pulse.hosts > 1:
        alone = ", each its share" if pulse.alone is not None else ""
        granted = f", of {_paced(pulse.ceiling)}" if is_slow else f" of {_figure(pulse.ceiling)}"
        return f"{granted} that {pulse.hosts:,} processes share{alone}"
    granted = _paced(pulse.ceiling) if is_slow else _figure(pulse.ceiling)
    return f", slowed down from {granted} as Notion asked"


def _paced(per_minute: float) -> str:
    """Return a rate in words; a slow one as the time between two requests."""
    if 0 < per_minute < 1:
        seconds = min(60 / per_minute, _LONGEST.total_seconds())
        gap = f"{seconds:.0f} seconds" if seconds < 2 * _MINUTE else time_span(timedelta(seconds=seconds))
        return f"1 request every {gap}"
    figure = _figure(per_minute)
    return f"{figure} request{'' if figure == '1' else 's'} a minute"


def _figure(number: float) -> str:
    if number > _MOST_TOLD:
        return f"over {_MOST_TOLD:,}"
    return f"{number:,.0f}" if number >= 10 else f"{number:,.2g}"  # noqa: PLR2004 - two digits say enough


def _problem(problem: Problem, now: datetime, *, columns: int | None) -> Iterator[Line]:
    mark, colour = _mark(problem)
    subject = f"{visible(problem.path)}: " if problem.path else ""
    since = f" ({time_span(now - problem.since)} ago)" if problem.since else ""
    yield from _set(Line(f"{mark} {subject}{visible(problem.what)}{since}", colour), columns=columns)
    again = ""
    if problem.again_at is not None and problem.again_at > now:
        again = f" (next attempt in {time_span(problem.again_at - now)})"
    if problem.hint or again:
        yield from _set(Line(f"→ {visible(problem.hint)}{again}"), columns=columns, indent=2)
    if problem.url:
        yield from _link(problem.url, label="", columns=columns)


def _mark(problem: Problem) -> tuple[str, Colour | None]:
    return ("✗", "red") if problem.needs_a_person else ("·", None)


def _set(line: Line, *, columns: int | None, indent: int = 0) -> Iterator[Line]:
    """Yield a line wrapped to the width, with further lines indented below its text."""
    if columns is None:
        yield Line(f"{' ' * indent}{line.text}", line.colour, line.bold)
        return
    hang = indent + 2
    for number, part in enumerate(wrapped(line.text, columns=max(20, columns - hang))):
        yield Line(f"{' ' * (hang if number else indent)}{part}", line.colour, line.bold)


def _link(url: str, *, label: str, columns: int | None) -> Iterator[Line]:
    """Yield an address behind its label, or on a line of its own if both do not fit."""
    address = visible(url)
    together = f"  {label} {address}" if label else f"  {address}"
    if columns is None or width(together) <= columns:
        yield Line(together, "cyan", link=address)
        return
    if label:
        yield from _set(Line(label, "cyan"), columns=columns, indent=2)
    yield Line(clipped(f"  {address}", columns=columns), "cyan", link=address)

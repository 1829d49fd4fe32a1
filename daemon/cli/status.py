"""`ai-traces status`."""

import json
import os
from datetime import datetime

import click

from daemon.clock import utc_now
from daemon.config.settings import load
from daemon.report import Problem, Report, gather

_MOST_SHOWN = 20


@click.command("status", epilog="Example: ai-traces status --json")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(*, as_json: bool) -> int:
    """Say whether everything is in step; if not, what is wrong and what to do about it.

    Works whether or not the daemon runs, and asks Notion nothing.
    Ends with 0, or with 1 when something needs a person.
    """
    report = gather(load(os.environ))
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        _show(report, utc_now())
    return 1 if report.needs_a_person else 0


def _show(report: Report, now: datetime) -> None:
    mark, sentence, colour = _headline(report)
    click.secho(f"{mark} {sentence}", fg=colour, bold=True)
    click.echo(
        f"  {report.files:,} logs: {report.synced:,} in step, {report.pending:,} waiting, "
        f"{report.quarantined:,} in quarantine, {report.trashed:,} with their page in the trash"
    )
    daemon = f"running (process {report.pid})" if report.pid else "not running"
    last = f"last change {_ago(report.last_sync, now)}" if report.last_sync else "no page so far"
    click.echo(f"  Daemon {daemon}; {last}")
    for problem in report.problems[:_MOST_SHOWN]:
        _show_problem(problem, now)
    if len(report.problems) > _MOST_SHOWN:
        click.echo(f"\n… and {len(report.problems) - _MOST_SHOWN} more: ai-traces status --json")


def _headline(report: Report) -> tuple[str, str, str]:
    if report.needs_a_person:
        return "✗", "Something needs you", "red"
    if report.pending:
        return "…", f"{report.pending:,} logs on their way to Notion", "yellow"
    if not report.files and report.last_sync is None:
        return "·", f"No logs found in {report.logs_dir} yet", "yellow"
    if report.problems:
        return "⚠", "In step, with remarks", "yellow"
    return "✓", "All in step", "green"


def _show_problem(problem: Problem, now: datetime) -> None:
    since = f" ({_ago(problem.since, now)})" if problem.since else ""
    subject = f"{problem.path}: " if problem.path else ""
    click.echo()
    mark, colour = ("✗", "red") if problem.needs_a_person else ("·", None)
    click.secho(f"{mark} {subject}{problem.what}{since}", fg=colour)
    if problem.hint:
        click.echo(f"  → {problem.hint}")
    if problem.url:
        click.echo(f"  {problem.url}")


def _ago(then: datetime, now: datetime) -> str:
    seconds = max(0, int((now - then).total_seconds()))
    for length, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= length:
            count = seconds // length
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"

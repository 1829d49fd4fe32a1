"""`ai-traces status`."""

import gc
import os
import shutil
import sys
import time
from collections.abc import Sequence

import click

from daemon.cli.as_object import json_option, print_object
from daemon.clock import utc_now
from daemon.colour import allows_colour
from daemon.config.settings import Settings, load
from daemon.interruption import interruptible
from daemon.status.gather import gather
from daemon.status.screen import Line, screen
from daemon.status.terminal import drawn, refresh

_EVERY = 2.0
"""Seconds between two refreshes of `--watch`."""

_WIDEST = 100
"""Columns beyond which lines are hard to read."""


@click.command("status", epilog="Example: ai-traces status --watch")
@json_option("Print one JSON object.")
@click.option(
    "--watch", is_flag=True, help="Look again every 2 seconds, until Ctrl-C; with --json, a line each."
)
@interruptible("; nothing was changed")
def command(*, as_json: bool, watch: bool) -> int:
    """Say whether everything is in step; if not, what is wrong and what to do about it.

    Works whether or not the daemon runs, and asks Notion nothing.
    Ends with 0, or with 1 when something needs a person; with --watch always with 0.
    """
    settings = load(os.environ)
    if watch:
        _watch(settings, as_json=as_json)
        return 0
    gc.disable()  # the process ends after this, so collecting garbage is wasted time
    report = gather(settings, now=utc_now())
    if as_json:
        print_object(report.as_json())
    else:
        for line in screen(report, columns=_columns()):
            click.echo(drawn(line, colours=_has_colours()))
    return 1 if report.needs_a_person else 0


def _watch(settings: Settings, *, as_json: bool) -> None:
    if as_json:
        _print_on(settings)
    elif not sys.stdout.isatty():
        raise click.UsageError("--watch needs a terminal, or --json.")
    else:

        def look() -> Sequence[Line]:
            now = utc_now()
            lines = screen(gather(settings, now=now), columns=_columns())
            return (
                *lines,
                Line(""),
                Line(f"{now.astimezone():%H:%M:%S}, every {_EVERY:.0f} s; Ctrl-C ends it"),
            )

        refresh(sys.stdout, look, every=_EVERY, rows=_rows, colours=_has_colours())


def _print_on(settings: Settings) -> None:
    try:
        while True:
            print_object(gather(settings, now=utc_now()).as_json())
            sys.stdout.flush()
            time.sleep(_EVERY)
    except KeyboardInterrupt:
        return


def _columns() -> int | None:
    return min(shutil.get_terminal_size().columns, _WIDEST) if sys.stdout.isatty() else None


def _rows() -> int:
    return shutil.get_terminal_size().lines


def _has_colours() -> bool:
    return sys.stdout.isatty() and allows_colour(os.environ) and os.environ.get("TERM") != "dumb"

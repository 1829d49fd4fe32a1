"""Show the progress of a backfill: as a bar on a terminal, elsewhere as an occasional line."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import click

from daemon.backfill.tally import Progress, ShowProgress

_EVERY = 10.0
"""Seconds between two lines without a terminal."""


@contextmanager
def progress_display(stream: TextIO) -> Iterator[ShowProgress]:
    """Yield a function that shows progress on a stream while the context lasts."""
    if stream.isatty():
        with _bar(stream) as show:
            yield show
    else:
        yield _lines(stream)


@contextmanager
def _bar(stream: TextIO) -> Iterator[ShowProgress]:
    from rich.console import Console  # noqa: PLC0415 - slow to import, and only for a terminal
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    started = time.monotonic()
    with Bar(
        TextColumn("[bold]{task.description}"),
        BarColumn(bar_width=36),
        MofNCompleteColumn(),
        TextColumn("[cyan]{task.fields[rate]}"),
        TimeRemainingColumn(compact=True, elapsed_when_finished=True),
        TextColumn("[yellow]{task.fields[waiting]}"),
        console=Console(file=stream),
    ) as bar:
        task = bar.add_task("Logs", total=None, rate="", waiting="looking at Notion")

        def show(progress: Progress) -> None:
            minutes = max(time.monotonic() - started, 1.0) / 60
            rate = f"{progress.done / minutes:,.0f}/min" if progress.done else ""
            bar.update(
                task,
                total=progress.total or None,
                completed=progress.done,
                rate=rate,
                waiting=progress.waiting,
            )

        yield show


def _lines(stream: TextIO) -> ShowProgress:
    told_at = time.monotonic()
    started = told_at

    def show(progress: Progress) -> None:
        nonlocal told_at
        now = time.monotonic()
        if now - told_at < _EVERY:
            return
        told_at = now
        rate = progress.done / (now - started)
        left = f", about {(progress.total - progress.done) / rate:.0f} s left" if rate else ""
        waiting = f" - {progress.waiting}" if progress.waiting else ""
        logs = f"{progress.done:,} of {progress.total:,} logs" if progress.total else "Not begun yet"
        click.echo(f"{logs}{left}{waiting}", file=stream)

    return show

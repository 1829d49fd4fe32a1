"""How much of what Notion grants a backfill uses, and how long a live log waits meanwhile."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import corpus
from daemon.breaker import Breaker
from daemon.job import Job
from figures import Bar, Figure, Scale
from notion_room import LATENCY, REFUSED, Room, room
from sync.notion.limiter import Lane
from virtual_time import VirtualLoop, virtually

_WINDOW = 60.0
_LIVE_EVERY = 7.0
"""Seconds between two live logs, where there are any."""
_LIVE = 900_000
"""Number of the first live log."""
_MOST_REFUSED = 0.5


@dataclass(frozen=True, slots=True)
class _Run:
    """What so many minutes gave.

    Attributes:
        waits: Seconds from the moment each live log was put on the list until its page was there.
    """

    granted: int
    refused: int
    waits: tuple[float, ...]


def measure(scale: Scale) -> Iterator[Figure]:
    """Run the true worker through whole minutes of virtual time at each of Notion's rates."""
    for per_minute in (180, 600):
        for live in (False, True):
            with TemporaryDirectory() as directory:
                backfill = partial(_backfill, Path(directory), per_minute, scale, live)
                run: _Run = virtually(backfill)
            what = f"{per_minute} a minute, answers take {LATENCY * 1_000:.0f} ms"
            what += ", live logs arrive" if live else ""
            share = 100 * run.granted / (per_minute * scale.windows)
            yield Figure(f"used of {what}", share, "%", Bar(97, at_least=True))
            refused = 100 * run.refused / (run.granted + run.refused)
            yield Figure(f"refused (429) at {what}", refused, "%", Bar(_MOST_REFUSED))
            if live:
                beside = f"beside a backfill of {scale.backfill:,} at {per_minute} a minute"
                yield Figure(f"live log to page, the slowest, {beside}", max(run.waits), "s", Bar(2))


async def _backfill(
    directory: Path,
    per_minute: int,
    scale: Scale,
    live: bool,
    loop: VirtualLoop,
) -> _Run:
    """Run a backfill for so many minutes, and count."""
    waits: dict[str, float] = {}

    def report(event: Job | Breaker) -> None:
        if isinstance(event, Job) and event.lane is Lane.LIVE:
            waits[event.path] += loop.time()

    async with room(directory, per_minute, loop, report) as place:
        paths = corpus.write(place.settings.logs_dir, scale.backfill).stamps
        place.backlog.note(paths, lane=Lane.BACKFILL, now=loop.now())
        started, stop = loop.now(), asyncio.Event()
        loop.call_later(scale.windows * _WINDOW, stop.set)
        arriving = asyncio.create_task(_arrive(place, loop, waits)) if live else None
        await place.worker.work(stop, enough=lambda: False)
        if arriving is not None:
            arriving.cancel()
        seconds = scale.windows * _WINDOW
        entries = [
            entry for entry in place.emulator.journal if 0 <= (entry.time - started).total_seconds() < seconds
        ]
    refused = sum(entry.status == REFUSED for entry in entries)
    return _Run(len(entries) - refused, refused, tuple(wait for wait in waits.values() if wait > 0))


async def _arrive(place: Room, loop: VirtualLoop, waits: dict[str, float]) -> None:
    """Write one live log after the other."""
    number = _LIVE
    while True:
        await asyncio.sleep(_LIVE_EVERY)
        path = corpus.path(number)
        file = place.settings.logs_dir / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(corpus.text(number, kilobytes=corpus.SMALL), encoding="utf-8")
        waits[path] = -loop.time()
        place.backlog.hear([path], lane=Lane.LIVE, now=loop.now())
        place.worker.poke()
        number += 1

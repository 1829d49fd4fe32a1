"""What the daemon takes of the machine: its start, its memory, its rest."""

import asyncio
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import filled
import installed
import meter
from figures import Bar, Figure, Scale
from sync.notion.emulator import Emulator
from sync.notion.emulator.server import serve

_SETTLING = 3.0
"""Seconds after the start until the daemon is at rest."""
_RESCANNED_AFTER = 1.5
"""Seconds after which the daemon has looked through everything because of a new directory."""


def measure(scale: Scale) -> Iterator[Figure]:
    """Start the real daemon and the commands on a state that is in step."""
    with TemporaryDirectory() as directory:
        yield from asyncio.run(_measured(Path(directory), scale))


async def _measured(directory: Path, scale: Scale) -> list[Figure]:
    emulator = Emulator()
    emulator.create_database()
    await asyncio.to_thread(filled.fill, directory, scale.synced, emulator)
    of = f"{scale.synced:,} synced logs"
    figures = []
    async with serve(emulator) as url:
        environ = filled.environ(directory, url)

        async def wall(*arguments: str) -> float:
            times = [
                await installed.timed(*arguments, environ=environ, directory=directory)
                for _ in range(scale.repeats)
            ]
            return median(times)

        figures.append(Figure("ai-traces --help", await wall("--help"), "s", Bar(0.2)))
        figures.append(Figure(f"ai-traces status, {of}", await wall("status"), "s", Bar(1)))
        starts = []
        for _ in range(scale.repeats):
            async with installed.daemon(environ, directory) as started:
                starts.append(started.ready_after)
        figures.append(Figure(f"start to ready, {of}", median(starts), "s", Bar(1)))
        if sys.platform == "linux":
            figures.extend(await _at_rest(environ, directory, scale))
    return figures


async def _at_rest(environ: Mapping[str, str], directory: Path, scale: Scale) -> list[Figure]:
    """Watch a daemon that has nothing to do, and then make it look through everything."""
    async with installed.daemon({**environ, "AI_TRACES_RESCAN_SECONDS": "0"}, directory) as daemon:
        await asyncio.sleep(_SETTLING)
        cpu, woken = meter.cpu_seconds(daemon.pid), meter.wake_ups(daemon.pid)
        await asyncio.sleep(scale.idle_seconds)
        resting = (meter.cpu_seconds(daemon.pid) - cpu) / scale.idle_seconds
        woken = meter.wake_ups(daemon.pid) - woken
        resident, own = meter.resident_megabytes(daemon.pid), meter.own_megabytes(daemon.pid)
        rescan = median([await _rescan(daemon.pid, Path(environ["AI_TRACES_LOGS_DIR"])) for _ in range(3)])
        after = meter.resident_megabytes(daemon.pid)
    return [
        Figure("memory at rest", resident, "MB", Bar(45)),
        Figure("of it the process's own", own, "MB"),
        Figure("memory after more rescans", after, "MB", Bar(45)),
        Figure("processor at rest, between rescans", 100 * resting, "%", Bar(0.03)),
        Figure("wake-ups at rest", woken / scale.idle_seconds, "per s"),
        Figure("processor time of one rescan", 1_000 * rescan, "ms"),
        Figure("processor with a rescan every 300 s", 100 * (resting + rescan / 300), "%", Bar(0.03)),
    ]


async def _rescan(pid: int, logs: Path) -> float:
    """Return the processor time of the rescan that a new directory causes."""
    before = meter.cpu_seconds(pid)
    directory = logs / "new"
    directory.mkdir()
    await asyncio.sleep(_RESCANNED_AFTER)
    spent = meter.cpu_seconds(pid) - before
    directory.rmdir()
    await asyncio.sleep(_RESCANNED_AFTER)
    return spent

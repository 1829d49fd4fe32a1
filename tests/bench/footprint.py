"""What the daemon takes of the machine: its start, its memory, its rest."""

import asyncio
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import corpus
import filled
import installed
import meter
from figures import Bar, Figure, Scale
from sync.notion.emulator import Emulator
from sync.notion.emulator.server import serve

_SETTLING = 3.0
"""Seconds after the start until the daemon is at rest, on a machine that has time for it."""
_RESCANNED_AFTER = 1.5
"""Seconds after which the daemon has begun to look through everything because of a new directory."""
_HARDLY = 0.01
"""Seconds of the processor that it takes meanwhile when it has ended."""


@dataclass(frozen=True, slots=True)
class _Bars:
    """What is promised of a daemon with so many logs; None where nothing is."""

    ready: Bar
    memory: Bar
    idle: Bar | None
    status: Bar | None


_BARS = {
    10_000: _Bars(ready=Bar(0.8), memory=Bar(55), idle=Bar(0.03), status=Bar(0.25)),
    100_000: _Bars(ready=Bar(2), memory=Bar(70), idle=None, status=None),
}
_COMMAND = Bar(0.25)
"""Seconds."""


def measure(scale: Scale) -> Iterator[Figure]:
    """Start the real daemon and the commands on a state that is in step."""
    for count in scale.synced:
        with TemporaryDirectory() as directory:
            yield from asyncio.run(_measured(Path(directory), count, scale))


async def _measured(directory: Path, count: int, scale: Scale) -> list[Figure]:
    emulator = Emulator()
    emulator.create_database()
    await asyncio.to_thread(filled.fill, directory, count, emulator)
    of, bars = f"{count:,} synced logs", _BARS.get(count, _BARS[10_000])
    figures = []
    async with serve(emulator) as url:
        environ = filled.environ(directory, url)

        async def wall(*arguments: str) -> float:
            times = [
                await installed.timed(*arguments, environ=environ, directory=directory)
                for _ in range(scale.repeats)
            ]
            return min(times)

        some_log = str(Path(environ["AI_TRACES_LOGS_DIR"]) / corpus.path(0))
        figures.append(Figure("ai-traces --help", await wall("--help"), "s", _COMMAND))
        figures.append(Figure(f"ai-traces lint FILE, {of}", await wall("lint", some_log), "s", _COMMAND))
        figures.append(Figure(f"ai-traces status, {of}", await wall("status"), "s", bars.status))
        starts = []
        for _ in range(scale.repeats):
            async with installed.daemon(environ, directory) as started:
                starts.append(started.ready_after)
                beside = await wall("status") if len(starts) == scale.repeats else 0.0
        figures.append(Figure(f"the same beside a running daemon, {of}", beside, "s", bars.status))
        figures.append(Figure(f"start to ready, {of}", min(starts), "s", bars.ready))
        if sys.platform == "linux":
            figures.extend(await _at_rest(environ, directory, of, bars, scale.idle_seconds))
    return figures


async def _at_rest(
    environ: Mapping[str, str], directory: Path, of: str, bars: _Bars, seconds: float
) -> list[Figure]:
    """Watch a daemon that has nothing to do, and then make it look through everything."""
    async with installed.daemon({**environ, "AI_TRACES_RESCAN_SECONDS": "0"}, directory) as daemon:
        await asyncio.sleep(_SETTLING)
        await _at_ease(daemon.pid)
        cpu, woken = meter.cpu_seconds(daemon.pid), meter.wake_ups(daemon.pid)
        await asyncio.sleep(seconds)
        resting = (meter.cpu_seconds(daemon.pid) - cpu) / seconds
        woken = meter.wake_ups(daemon.pid) - woken
        resident, own = meter.resident_megabytes(daemon.pid), meter.own_megabytes(daemon.pid)
        rescan = median([await _rescan(daemon.pid, Path(environ["AI_TRACES_LOGS_DIR"])) for _ in range(3)])
        after = meter.resident_megabytes(daemon.pid)
    return [
        Figure(f"memory at rest, {of}", resident, "MB", bars.memory),
        Figure("of it the process's own", own, "MB"),
        Figure("memory after more rescans", after, "MB", bars.memory),
        Figure("processor at rest, between rescans", 100 * resting, "%"),
        Figure("wake-ups at rest", woken / seconds, "per s"),
        Figure("processor time of one rescan", 1_000 * rescan, "ms"),
        Figure(f"processor with a rescan every 300 s, {of}", 100 * (resting + rescan / 300), "%", bars.idle),
    ]


async def _rescan(pid: int, logs: Path) -> float:
    """Return the processor time of the rescan that a new directory causes."""
    before = meter.cpu_seconds(pid)
    directory = logs / "new"
    directory.mkdir()
    await _at_ease(pid)
    spent = meter.cpu_seconds(pid) - before
    directory.rmdir()
    await _at_ease(pid)
    return spent


async def _at_ease(pid: int) -> None:
    """Wait until the daemon has nothing more to do."""
    spent = -1.0
    while (now := meter.cpu_seconds(pid)) > spent + _HARDLY:
        spent = now
        await asyncio.sleep(_RESCANNED_AFTER)

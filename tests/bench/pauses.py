"""How long the work on a long log keeps everything else in the daemon waiting."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import corpus
import filled
from daemon.clock import utc_now
from daemon.job import Job
from daemon.session import Session, open_session
from figures import Bar, Figure, Scale, percentile
from remote import remote
from sync.names import LogPath
from sync.notion.limiter import Lane
from sync.state.store import Store

_TICK = 0.002
_MOST = 50
"""Milliseconds."""
_PATIENCE = 120.0
_MEGA = 1_000_000
_EDITED_AT = 2_000

_KINDS = {
    "50 MB of prose": (corpus.text(1, kilobytes=1_000), 50 * _MEGA),
    "19 MB of code": ("```\n" + "x = 1\n" * 1_000, 19 * _MEGA),
    "19 MB in one line": ("word " * 1_000, 19 * _MEGA),
    "1 MB of nested lists": ("- a\n  - b\n    - c\n", _MEGA),
    "500 KB of prose": (corpus.text(1, kilobytes=500), _MEGA // 2),
    "60 KB of prose": (corpus.text(1, kilobytes=60), 60_000),
}


def measure(scale: Scale) -> Iterator[Figure]:
    """Let the true worker make and then edit the page of each, while a task ticks beside it.

    A pause is told in the processor time of the process, which is what it takes on a machine at rest.
    """
    kinds = dict(list(_KINDS.items())[-2:]) if scale.repeats < 5 else _KINDS
    pauses: list[float] = []
    for name, (piece, size) in kinds.items():
        with TemporaryDirectory() as directory:
            ticks = asyncio.run(_ticks(Path(directory), (piece * (size // len(piece) + 1))[:size].encode()))
        pauses += ticks
        yield Figure(f"largest pause of the loop, {name}", 1_000 * max(ticks), "ms", Bar(_MOST))
    yield Figure("pause of the loop, all of them, p99.9", 1_000 * percentile(pauses, 0.999), "ms", Bar(_MOST))


async def _ticks(directory: Path, content: bytes) -> list[float]:
    """Return the processor time between each two ticks while the log is worked on."""
    name = LogPath("2026-01-10-long.md")
    ticks: list[float] = []
    async with _opened(directory) as (session, done):
        place = session.settings.logs_dir / name
        place.write_bytes(content)
        for edit in (False, True):
            if edit:
                with place.open("r+b") as log:
                    log.seek(_EDITED_AT)
                    log.write(b"EDITED")
            await asyncio.sleep(10 * _TICK)  # what was just written is not the daemon's work
            ticking = asyncio.create_task(_tick(ticks))
            done.clear()
            session.backlog.note([name], lane=Lane.LIVE, now=utc_now())
            session.worker.poke()
            async with asyncio.timeout(_PATIENCE):
                await done.wait()
            ticking.cancel()
            with suppress(asyncio.CancelledError):
                await ticking
    return ticks


async def _tick(ticks: list[float]) -> None:
    while True:
        before = time.process_time()
        await asyncio.sleep(_TICK)
        ticks.append(time.process_time() - before)


@asynccontextmanager
async def _opened(directory: Path) -> AsyncIterator[tuple[Session, asyncio.Event]]:
    """Have a worker at work on an empty directory; the event is set whenever it is done with a log."""
    done, stop = asyncio.Event(), asyncio.Event()

    def note(_: Job) -> None:
        done.set()

    async with remote() as notion:
        settings = filled.settings_of(filled.environ(directory, notion.url))
        token = settings.notion_token
        assert token is not None
        settings.logs_dir.mkdir(parents=True)
        with Store.open(settings.state_dir) as store:
            async with open_session(settings, token, store, transport=None, note=note) as session:
                gc.freeze()  # as the daemon does: it never looks at all of its modules again
                await session.connect()
                working = asyncio.create_task(session.worker.work(stop, enough=lambda: False))
                yield session, done
                stop.set()
                await working

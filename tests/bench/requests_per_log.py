"""How many requests a log costs: new, changed, unchanged, and found again after the state was lost."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import corpus
import filled
from daemon.session import Session, open_session
from figures import Bar, Figure, Scale
from sync.notion.emulator import Emulator, EmulatorTransport
from sync.notion.limiter import Lane
from sync.state.store import Store

_FOUND_AGAIN = 250


def measure(_: Scale) -> Iterator[Figure]:
    """Count them in the journal of the built-in Notion."""
    with TemporaryDirectory() as directory:
        yield from asyncio.run(_one_log(Path(directory)))
    with TemporaryDirectory() as directory:
        yield from asyncio.run(_started_again(Path(directory)))


async def _one_log(directory: Path) -> list[Figure]:
    emulator = Emulator()
    emulator.create_database()
    settings = filled.settings_of(filled.environ(directory, "http://127.0.0.1"))
    settings.logs_dir.mkdir()
    token = settings.notion_token
    assert token is not None
    small, large = corpus.text(1, kilobytes=4), corpus.text(2, kilobytes=40)
    figures = []
    with Store.open(settings.state_dir) as store:
        async with open_session(settings, token, store, transport=EmulatorTransport(emulator)) as session:
            await session.connect()

            async def count(name: str, number: int, content: str, bar: Bar | None = None) -> None:
                figures.append(Figure(name, await _cost(session, emulator, number, content), "requests", bar))

            await count("new log of 4 KB", 1, small, Bar(1))
            await count("the same log, touched", 1, small, Bar(0))
            await count("first edit of one line", 1, _edited(small, "1,201"), Bar(4))
            await count("second edit of one line", 1, _edited(small, "1,202"), Bar(4))
            await count("a line appended", 1, _edited(small, "1,202") + "\n- one more line\n", Bar(4))
            await count("new log of 40 KB", 2, large)
            await count("first edit of one line in it", 2, _edited(large, "1,201"), Bar(4))
            await count("second edit of one line in it", 2, _edited(large, "1,202"), Bar(4))
    return figures


async def _started_again(directory: Path) -> list[Figure]:
    """Count what a restart takes, and what it takes to know pages again whose state was lost."""
    emulator = Emulator()
    emulator.create_database()
    settings = filled.settings_of(filled.environ(directory, "http://127.0.0.1"))
    paths = corpus.write(settings.logs_dir, _FOUND_AGAIN).stamps
    token = settings.notion_token
    assert token is not None
    spent = []
    for name in ("before", "before", "after"):
        emulator.journal.clear()
        with Store.open(settings.state_dir / name) as store:
            async with open_session(settings, token, store, transport=EmulatorTransport(emulator)) as session:
                await session.connect()
                for path in paths:
                    await session.reconciler.reconcile(path, Lane.BACKFILL)
        spent.append(len(emulator.journal))
    _, again, lost = spent
    return [
        Figure(f"restart with {_FOUND_AGAIN} synced logs", again, "requests", Bar(3)),
        Figure(f"{_FOUND_AGAIN} synced logs, state lost, start-up included", lost, "requests", Bar(6)),
    ]


async def _cost(session: Session, emulator: Emulator, number: int, content: str) -> int:
    place = session.settings.logs_dir / corpus.path(number)
    place.parent.mkdir(exist_ok=True)
    place.write_text(content, encoding="utf-8")
    before = len(emulator.journal)
    await session.reconciler.reconcile(corpus.path(number), Lane.LIVE)
    return len(emulator.journal) - before


def _edited(content: str, ms: str) -> str:
    return content.replace("The first run met a time-out", f"The first run met a time-out after {ms} ms")

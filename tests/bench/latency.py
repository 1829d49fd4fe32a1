"""How long Claude's log takes to its page, in a quiet directory."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import corpus
import filled
import installed
from figures import Bar, Figure, Scale, percentile
from sync.notion.emulator import Emulator
from sync.notion.emulator.server import serve

_PATIENCE = 10.0
_LOOK = 0.002
_QUIET = 0.15
_KILOBYTES = 4

Writer: TypeAlias = Callable[[Path, str], None]


def measure(scale: Scale) -> Iterator[Figure]:
    """Write one log after the other beside the real daemon; the built-in Notion answers without delay."""
    for name, writer in (("written in place", _in_place), ("renamed into place", _renamed)):
        with TemporaryDirectory() as directory:
            seconds = asyncio.run(_singles(Path(directory), scale.singles, writer))
        for title, share in (("p50", 0.5), ("p95", 0.95)):
            bar = Bar(250) if title == "p50" else None
            yield Figure(f"close to page, {name}, {title}", 1_000 * percentile(seconds, share), "ms", bar)


async def _singles(directory: Path, count: int, writer: Writer) -> list[float]:
    emulator = Emulator()
    emulator.create_database()
    async with serve(emulator) as url:
        environ = filled.environ(directory, url)
        logs = Path(environ["AI_TRACES_LOGS_DIR"])
        (logs / corpus.path(0)).parent.mkdir(parents=True)
        async with installed.daemon(environ, directory):
            await _until(lambda: len(emulator.journal) > 0)
            return [await _single(emulator, logs, number, writer) for number in range(count)]


async def _single(emulator: Emulator, logs: Path, number: int, writer: Writer) -> float:
    # Not in step with anything in the daemon, and long enough for the last log to be done with.
    await asyncio.sleep(_QUIET + number % 7 * 0.03)
    earlier = len(_creates(emulator))
    writer(logs / corpus.path(number), corpus.text(number, kilobytes=_KILOBYTES))
    closed = datetime.now(UTC)
    await _until(lambda: len(_creates(emulator)) > earlier)
    return (_creates(emulator)[-1] - closed).total_seconds()


def _creates(emulator: Emulator) -> list[datetime]:
    """Return when each page was made."""
    return [entry.time for entry in emulator.journal if (entry.method, entry.path) == ("POST", "/v1/pages")]


async def _until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(_PATIENCE):
        while not reached():  # noqa: ASYNC110 - what is waited for happens in another process
            await asyncio.sleep(_LOOK)


def _in_place(place: Path, content: str) -> None:
    place.write_text(content, encoding="utf-8")


def _renamed(place: Path, content: str) -> None:
    draft = place.with_name(f".{place.name}.new")
    draft.write_text(content, encoding="utf-8")
    draft.replace(place)

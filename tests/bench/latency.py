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
from remote import Remote, remote

_PATIENCE = 10.0
_LOOK = 0.1
_QUIET = 0.25
_KILOBYTES = 4
_BARS = {0.5: Bar(40), 0.95: Bar(120)}
"""Milliseconds that so large a share of the logs takes at most."""

Writer: TypeAlias = Callable[[Path, str], None]


def measure(scale: Scale) -> Iterator[Figure]:
    """Write one log after the other beside the real daemon; a Notion in its own process answers at once."""
    for name, writer in (("written in place", _in_place), ("renamed into place", _renamed)):
        with TemporaryDirectory() as directory:
            seconds = asyncio.run(_singles(Path(directory), scale.singles, writer))
        for share, bar in _BARS.items():
            title = f"close to page, {name}, p{100 * share:.0f}"
            yield Figure(title, 1_000 * percentile(seconds, share), "ms", bar)


async def _singles(directory: Path, count: int, writer: Writer) -> list[float]:
    """Return the seconds from the moment the writer was done to the arrival of the create, for each log."""
    async with remote() as notion:
        environ = filled.environ(directory, notion.url)
        logs = Path(environ["AI_TRACES_LOGS_DIR"])
        (logs / corpus.path(0)).parent.mkdir(parents=True)
        async with installed.daemon(environ, directory):
            await _until_made(notion, 0)
            closed = [await _single(logs, number, writer) for number in range(count)]
            await _until_made(notion, count)
        return [
            (made - done).total_seconds()
            for made, done in zip(sorted(await _made(notion)), closed, strict=True)
        ]


async def _single(logs: Path, number: int, writer: Writer) -> datetime:
    # Not in step with anything in the daemon, and long enough for the last log to be done with.
    await asyncio.sleep(_QUIET + number % 7 * 0.03)
    writer(logs / corpus.path(number), corpus.text(number, kilobytes=_KILOBYTES))
    return datetime.now(UTC)


async def _until_made(notion: Remote, count: int) -> None:
    """Wait until the daemon is connected and so many pages are there."""
    async with asyncio.timeout(_PATIENCE):
        while not await _entries(notion) or len(await _made(notion)) < count:  # noqa: ASYNC110 - another process
            await asyncio.sleep(_LOOK)


async def _made(notion: Remote) -> list[datetime]:
    """Return when each page was made."""
    return [
        datetime.fromisoformat(entry["time"])
        for entry in await _entries(notion)
        if (entry["method"], entry["path"]) == ("POST", "/v1/pages")
    ]


async def _entries(notion: Remote) -> list[dict[str, str]]:
    entries: list[dict[str, str]] = (await notion.ask("journal"))["entries"]
    return entries


def _in_place(place: Path, content: str) -> None:
    place.write_text(content, encoding="utf-8")


def _renamed(place: Path, content: str) -> None:
    draft = place.with_name(f".{place.name}.new")
    draft.write_text(content, encoding="utf-8")
    draft.replace(place)

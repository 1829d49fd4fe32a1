"""What it would cost to do it naively, beside what it costs: the same logs, the same Notion, the same rate.

Naive is: look each log's page up, make it, append what the first hundred blocks left; for a changed log
delete every block and append all of them again. One request after the other, and nothing is remembered.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import corpus
from figures import Bar, Figure, Scale
from notion_room import Room, room
from sync.keys import key_of
from sync.names import Digest, LogPath, PageId
from sync.notion.limiter import Lane
from sync.page.draft import PageDraft
from sync.page.render import render
from sync.planning.actions import End
from sync.tracelog.parsing.parser import parse
from virtual_time import VirtualLoop, virtually

_PER_MINUTE = 180
_LARGE_EVERY = 10
_KILOBYTES, _LARGE_KILOBYTES = 3, 40
_MOST = 100
"""Blocks of one request."""

Sync: TypeAlias = Callable[[Room, Sequence[LogPath], VirtualLoop], Awaitable[None]]
Spent: TypeAlias = list[tuple[str, int, float]]
"""What was done, the requests and the seconds that it took."""


def measure(scale: Scale) -> Iterator[Figure]:
    """Mirror the same logs in both ways, then again unchanged, then with one line of each tenth changed."""
    found: dict[str, Spent] = {}
    for name, sync in (("naive", _naively), ("ours", _ours)):
        with TemporaryDirectory() as directory:
            found[name] = virtually(partial(_spent, Path(directory), scale.baseline, sync))
    for (what, naive, long), (_, ours, short) in zip(found["naive"], found["ours"], strict=True):
        yield Figure(f"{what}: naively", naive, "requests")
        yield Figure(f"{what}: ours", ours, "requests", Bar(naive))
        yield Figure(f"{what}: naively, at {_PER_MINUTE} a minute", long, "s")
        yield Figure(f"{what}: ours, at {_PER_MINUTE} a minute", short, "s", Bar(long))


async def _spent(directory: Path, count: int, sync: Sync, loop: VirtualLoop) -> Spent:
    spent: Spent = []
    async with room(directory, _PER_MINUTE, loop, lambda _: None) as place:
        paths = [corpus.path(number) for number in range(count)]
        for what, some in (
            (f"{count} new logs", _written(place, count)),
            (f"the same {count} logs, unchanged", paths),
            (f"one line changed in {count // _LARGE_EVERY} of them", paths[3::_LARGE_EVERY]),
        ):
            if "changed in" in what:
                _change(place, some)
            before, started = len(place.emulator.journal), loop.time()
            await sync(place, some, loop)
            spent.append((what, len(place.emulator.journal) - before, loop.time() - started))
    return spent


def _written(place: Room, count: int) -> list[LogPath]:
    paths = [corpus.path(number) for number in range(count)]
    for number, path in enumerate(paths):
        file = place.settings.logs_dir / path
        file.parent.mkdir(parents=True, exist_ok=True)
        size = _KILOBYTES if number % _LARGE_EVERY else _LARGE_KILOBYTES
        file.write_text(corpus.text(number, kilobytes=size), encoding="utf-8")
    return paths


def _change(place: Room, paths: Sequence[LogPath]) -> None:
    for path in paths:
        file = place.settings.logs_dir / path
        file.write_text(
            file.read_text(encoding="utf-8").replace("a time-out", "two time-outs"), encoding="utf-8"
        )


async def _ours(place: Room, paths: Sequence[LogPath], loop: VirtualLoop) -> None:
    place.backlog.touch(paths, lane=Lane.BACKFILL, now=loop.now())
    await place.worker.work(asyncio.Event(), enough=lambda: place.backlog.count() == 0)


async def _naively(place: Room, paths: Sequence[LogPath], _: VirtualLoop) -> None:
    gateway = place.gateway
    for path in paths:
        draft = _draft(place, path)
        rows = await gateway.find(draft.key, lane=Lane.BACKFILL)
        if not rows:
            page = await gateway.create_page(draft, draft.body[:_MOST], lane=Lane.BACKFILL)
            await _append(place, page.page_id, draft, since=_MOST)
        elif rows[0].content_hash != draft.content_hash:
            page_id = rows[0].page_id
            for block in (await gateway.list_children(page_id, lane=Lane.BACKFILL))[0]:
                await gateway.delete_block(block.block_id, lane=Lane.BACKFILL)
            await _append(place, page_id, draft, since=0)
            await gateway.update_page(page_id, draft, lane=Lane.BACKFILL)


async def _append(place: Room, page: PageId, draft: PageDraft, *, since: int) -> None:
    for begin in range(since, len(draft.body), _MOST):
        blocks = draft.body[begin : begin + _MOST]
        await place.gateway.append(page, blocks, position=End(), lane=Lane.BACKFILL)


def _draft(place: Room, path: LogPath) -> PageDraft:
    content = (place.settings.logs_dir / path).read_bytes()
    content_hash = Digest(hashlib.sha256(content).hexdigest())
    return render(parse(content, path, zone=UTC), key=key_of("", path), content_hash=content_hash)

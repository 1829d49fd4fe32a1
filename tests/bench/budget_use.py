"""How much of what Notion grants a backfill uses, and how often it asks for too much."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import corpus
import filled
from daemon.session import rules_of
from daemon.worker import Worker
from figures import Bar, Figure, Scale
from sync.notion.calls import Calls
from sync.notion.client import http_client, notion_client
from sync.notion.connect import Wanted
from sync.notion.emulator import DEMO_TOKEN, Emulator, EmulatorTransport, FixedWindow
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane, RateLimiter
from sync.reconcile import Reconciler
from sync.state.backlog import Backlog
from sync.state.store import Store
from virtual_time import VirtualLoop, virtually

_LATENCY = 0.5
_WINDOW = 60.0
_REFUSED = 429


def measure(scale: Scale) -> Iterator[Figure]:
    """Run the true worker through whole minutes of virtual time at each of Notion's rates."""
    for per_minute in (180, 600):
        with TemporaryDirectory() as directory:
            backfill = partial(_backfill, Path(directory), per_minute, scale.windows)
            granted, refused = virtually(backfill)
        share = 100 * granted / (per_minute * scale.windows)
        yield Figure(
            f"used of {per_minute} a minute, answers take 500 ms", share, "%", Bar(95, at_least=True)
        )
        yield Figure(f"refused (429) at {per_minute} a minute", refused, "requests", Bar(0))


async def _backfill(directory: Path, per_minute: int, windows: int, loop: VirtualLoop) -> tuple[int, int]:
    """Return how many requests were granted in so many minutes, and how many were refused in all."""
    emulator = Emulator(clock=loop.now, rate=FixedWindow(per_minute), latency=_LATENCY)
    database = emulator.create_database()
    settings = filled.settings_of(filled.environ(directory, "http://127.0.0.1"))
    paths = corpus.write(settings.logs_dir, per_minute * (windows + 1)).stamps
    rules, stop = rules_of(settings), asyncio.Event()
    with Store.open(settings.state_dir) as store:
        async with http_client(transport=EmulatorTransport(emulator, sleep=asyncio.sleep)) as http:
            calls = Calls(
                notion_client(http, token=DEMO_TOKEN, base_url="http://127.0.0.1"),
                RateLimiter(per_minute, loop.time),
                settle=rules.settle,
                jitter=lambda: 0.5,
                sleep=asyncio.sleep,
            )
            gateway = Gateway(calls, Wanted(database=database.id, names={}, ids={}, manage_schema=True))
            await gateway.connect()
            backlog = Backlog(store)
            backlog.note(paths, lane=Lane.BACKFILL, now=loop.now())
            worker = Worker(
                backlog,
                Reconciler(rules, store, gateway, loop.now),
                now=loop.now,
                jitter=lambda: 0.5,
                report=lambda _: None,
            )
            started = loop.now()
            end = started + timedelta(seconds=windows * _WINDOW)
            loop.call_later(windows * _WINDOW, stop.set)
            await worker.work(stop, enough=lambda: False)
    entries = [entry for entry in emulator.journal if started <= entry.time < end]
    refused = sum(entry.status == _REFUSED for entry in emulator.journal)
    return len(entries) - sum(entry.status == _REFUSED for entry in entries), refused

"""A whole ai-traces on virtual time, with a Notion that grants so many requests a minute."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import filled
from daemon.breaker import Breaker
from daemon.config.settings import Settings
from daemon.job import Job
from daemon.session import rules_of
from daemon.worker import Worker
from sync.notion.calls import Calls
from sync.notion.client import http_client, notion_client
from sync.notion.connect import Wanted
from sync.notion.emulator import DEMO_TOKEN, Emulator, EmulatorTransport, FixedWindow
from sync.notion.gateway import Gateway
from sync.notion.limiter import RateLimiter
from sync.reconcile import Reconciler
from sync.state.backlog import Backlog
from sync.state.store import Store
from virtual_time import VirtualLoop

LATENCY = 0.5
"""Seconds that each answer takes."""
REFUSED = 429


@dataclass(frozen=True, slots=True)
class Room:
    """What is open in it."""

    settings: Settings
    emulator: Emulator
    gateway: Gateway
    backlog: Backlog
    worker: Worker


@asynccontextmanager
async def room(
    directory: Path, per_minute: int, loop: VirtualLoop, report: Callable[[Job | Breaker], None]
) -> AsyncIterator[Room]:
    """Open it, connected; the true worker, limiter and client."""
    emulator = Emulator(clock=loop.now, rate=FixedWindow(per_minute), latency=LATENCY)
    database = emulator.create_database()
    settings = filled.settings_of(filled.environ(directory, "http://127.0.0.1"))
    settings.logs_dir.mkdir(parents=True, exist_ok=True)
    rules = rules_of(settings)
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
            reconciler = Reconciler(rules, store, gateway, loop.now)
            backlog = Backlog(store)
            worker = Worker(backlog, reconciler, now=loop.now, jitter=lambda: 0.5, report=report)
            yield Room(settings, emulator, gateway, backlog, worker)

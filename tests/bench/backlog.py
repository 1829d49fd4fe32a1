"""What it costs to find the next log to work on, when many wait."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import corpus
from daemon.worker import MOST_IN_FLIGHT
from figures import Bar, Figure, Scale
from sync.notion.limiter import Lane
from sync.state.backlog import Backlog
from sync.state.store import Store


def measure(scale: Scale) -> Iterator[Figure]:
    """Time one turn of the worker's loop: what is due, and when the next is."""
    for count in scale.rescans:
        with TemporaryDirectory() as directory, Store.open(Path(directory)) as store:
            backlog = Backlog(store)
            backlog.note(map(corpus.path, range(count)), lane=Lane.BACKFILL, now=datetime.now(UTC))
            seconds = median(_turn(backlog) for _ in range(20))
        yield Figure(f"choosing the next of {count:,} waiting logs", 1_000 * seconds, "ms", Bar(5))


def _turn(backlog: Backlog) -> float:
    working = frozenset(map(corpus.path, range(MOST_IN_FLIGHT)))
    started = time.perf_counter()
    assert backlog.due(now=datetime.now(UTC), limit=1, working=working)
    assert backlog.next_due(working=working)
    return time.perf_counter() - started

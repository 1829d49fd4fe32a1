"""How fast logs become pages, before any request: parsing and rendering."""

import time
from collections.abc import Iterator
from datetime import UTC
from statistics import median

import corpus
from figures import Figure, Scale
from sync.names import Digest, Key
from sync.page.render import render
from sync.tracelog.parser import parse

_SIZES = (4, 10, 20, 40, 80)
_AT_ONCE = 200
"""Kilobytes that one timing goes through, at least one log."""


def measure(scale: Scale) -> Iterator[Figure]:
    """Time logs of several sizes, each a different one."""
    for kilobytes in _SIZES:
        count = max(1, _AT_ONCE // kilobytes)
        logs = [corpus.text(number, kilobytes=kilobytes).encode() for number in range(count)]
        seconds = median(_timed(logs) for _ in range(scale.repeats))
        yield Figure(f"logs of {kilobytes} KB parsed and rendered", count / seconds, "logs/s")
        yield Figure(f"the same, by size ({kilobytes} KB)", sum(map(len, logs)) / seconds / 1e6, "MB/s")


def _timed(logs: list[bytes]) -> float:
    started = time.perf_counter()
    for number, content in enumerate(logs):
        log = parse(content, corpus.path(number), zone=UTC)
        assert render(log, key=Key("bench.md"), content_hash=Digest("0" * 64)).body
    return time.perf_counter() - started

"""How fast logs become pages, before any request: secrets taken out, parsed and rendered."""

import time
from collections.abc import Iterator
from datetime import UTC

import corpus
from figures import Bar, Figure, Scale
from sync.names import Digest, Key
from sync.page.from_content import page_from_content
from sync.page.render import render
from sync.redaction.content import redact_file
from sync.tracelog.parsing.parser import parse

_PARSED = {3: Bar(800, at_least=True), 10: None, 20: None, 40: None, 80: None}
"""Kilobytes of a log, with the promise for parsing and rendering alone: logs a second."""
_WHOLE_WAY = {
    3: None,
    300: None,
    2_000: Bar(15, at_least=True),
    15_000: Bar(15, at_least=True),
}
"""Kilobytes of a log, with the promise for the large ones, which are timed one at a time: MB/s."""
_AT_ONCE = 200
"""Kilobytes that one timing goes through, at least one log."""


def measure(scale: Scale) -> Iterator[Figure]:
    """Time logs of several sizes, each a different one; the best of some readings, as noise only adds."""
    for kilobytes, bar in _PARSED.items():
        count = max(1, _AT_ONCE // kilobytes)
        logs = [corpus.text(number, kilobytes=kilobytes).encode() for number in range(count)]
        seconds = min(_timed(logs) for _ in range(scale.repeats))
        yield Figure(f"logs of {kilobytes} KB parsed and rendered", count / seconds, "logs/s", bar)
        yield Figure(f"the same, by size ({kilobytes} KB)", sum(map(len, logs)) / seconds / 1e6, "MB/s")
    for kilobytes, bar in _WHOLE_WAY.items():
        count = max(1, _AT_ONCE // kilobytes)
        logs = [corpus.text(number, kilobytes=kilobytes).encode() for number in range(count)]
        seconds = min(_timed_whole_way(logs) for _ in range(scale.repeats))
        rate, unit = (count / seconds, "logs/s") if count > 1 else (len(logs[0]) / seconds / 1e6, "MB/s")
        yield Figure(f"logs of {kilobytes:,} KB all the way, secrets taken out", rate, unit, bar)


def _timed(logs: list[bytes]) -> float:
    """Return the processor time, which is what it takes on a machine at rest."""
    started = time.process_time()
    for number, content in enumerate(logs):
        log = parse(content, corpus.path(number), zone=UTC)
        assert render(log, key=Key("bench.md"), content_hash=Digest("0" * 64)).body
    return time.process_time() - started


def _timed_whole_way(logs: list[bytes]) -> float:
    started = time.process_time()
    for number, content in enumerate(logs):
        cleaned = redact_file(content)
        assert page_from_content(
            b"".join(cleaned.parts),
            None,
            path=corpus.path(number),
            key=Key("bench.md"),
            content_hash=Digest("0" * 64),
            zone=UTC,
            redacted=cleaned.counts,
        ).draft.body
    return time.process_time() - started

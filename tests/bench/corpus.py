"""Logs to measure with: made by number and size, always the same, shaped like what Claude writes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from sync.files import Stamp
from sync.names import LogPath

_PER_DIRECTORY = 1_000

_HEAD = """\
# Execution Log: bench-{number:06}

**Timestamp:** {stamp}
**ENV:** prod
**RISK:** medium
**STATE Transition:** TESTED → SHIPPED

## Task
Bring the order flow {number} from staging to production, with the new price rules.

## Tools Used
"""
_TOOL = "- n8n: workflow {step} exported, **{count} nodes**, see [the run](https://example.com/runs/{step})\n"
_CODE = """\

```json
{{"step": {step}, "status": "ok", "rows": [1, 2, 3], "message": "price list {count} applied"}}
{{"step": {step}, "status": "retry", "after_ms": 1200, "url": "https://example.com/api?page={step}"}}
```

"""
_PROSE = (
    "Step {step} compared `orders` with *the ledger* and found {count} rows that differ, all of them from the"
    " hour in which the rate was changed; they were written again and the totals agree since.\n\n"
)
_TABLE = """\

| table | before | after |
|---|---|---|
| orders | {count} | {step} |
| prices | {step} | {count} |

"""
_FOOT = """\

## Outcome
Success

## Issues
- The first run met a time-out and was repeated

## Contract Gaps
None
"""
_PIECES = (_TOOL, _TOOL, _TOOL, _CODE, _PROSE, _TOOL, _TABLE, _PROSE)

SMALL = 2
"""Kilobytes of a log where its size does not matter."""


def text(number: int, *, kilobytes: float) -> str:
    """Return a log of about that size."""
    moment = datetime(2026, 1, 10, 14, 30, tzinfo=UTC) + timedelta(minutes=number)
    parts = [_HEAD.format(number=number, stamp=moment.isoformat())]
    room = kilobytes * 1_000 - len(parts[0]) - len(_FOOT)
    step = 0
    while room > 0:
        piece = _PIECES[step % len(_PIECES)].format(step=step, count=number + step)
        parts.append(piece)
        room -= len(piece)
        step += 1
    return "".join((*parts, _FOOT))


def path(number: int) -> LogPath:
    """Return where a log lies."""
    return LogPath(f"{number // _PER_DIRECTORY:03}/2026-01-10-bench-{number:06}.md")


@dataclass(frozen=True, slots=True)
class Written:
    """Logs on disk, with their stamps."""

    root: Path
    stamps: Mapping[LogPath, Stamp]


def write(root: Path, count: int) -> Written:
    """Write so many small logs."""
    return Written(root, MappingProxyType(dict(_written(root, count))))


def _written(root: Path, count: int) -> Iterator[tuple[LogPath, Stamp]]:
    for number in range(count):
        place = root / path(number)
        if number % _PER_DIRECTORY == 0:
            place.parent.mkdir(parents=True)
        place.write_text(text(number, kilobytes=SMALL), encoding="utf-8")
        yield path(number), Stamp.of(place.stat())

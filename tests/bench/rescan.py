"""How long it takes to see that nothing has changed."""

import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import filled
from daemon.config.settings import Settings, edition_of
from daemon.watching.compare import Comparison, by_lane
from daemon.watching.familiar import Familiar
from daemon.watching.scan import pieces
from figures import Bar, Figure, Scale
from sync.notion.emulator import Emulator
from sync.state.store import Store

_BARS = {10_000: Bar(0.12), 100_000: Bar(1.1), 1_000_000: Bar(10)}
"""Seconds."""
_GROWTH = Bar(1.2)
"""How many times as much a log may cost among the most as among the fewest."""


def measure(scale: Scale) -> Iterator[Figure]:
    """Time the scan and the comparison with the state: of the processor, as the file cache is warm."""
    each: list[float] = []
    for count in scale.rescans:
        emulator = Emulator()
        emulator.create_database()
        with TemporaryDirectory() as directory:
            settings = filled.fill(Path(directory), count, emulator)
            with Store.open_existing(settings.state_dir) or Store.open(settings.state_dir) as store:
                familiar = Familiar(store)
                first = _rescan(settings, store, familiar)
                seconds = min(_rescan(settings, store, familiar) for _ in range(scale.repeats))
                tracemalloc.start()
                _rescan(settings, store, familiar)
                held = tracemalloc.get_traced_memory()[1] / 1e6
                tracemalloc.stop()
        each.append(seconds / count)
        yield Figure(f"rescan of {count:,} unchanged logs", seconds, "s", _BARS.get(count))
        yield Figure("the same when the state has changed meanwhile", first, "s", _BARS.get(count))
        yield Figure(f"memory that it takes meanwhile, {count:,} logs", held, "MB")
    grown = f"time a log among {scale.rescans[-1]:,} and among {scale.rescans[0]:,}"
    yield Figure(grown, each[-1] / each[0], "times", _GROWTH)


def _rescan(settings: Settings, store: Store, familiar: Familiar) -> float:
    started = time.process_time()
    comparison = Comparison(store, edition=edition_of(settings), familiar=familiar)
    different = sum(
        len(paths)
        for piece in pieces(settings.logs_dir, unlistable=lambda _: None)
        for paths in by_lane(comparison.out_of_step(piece)).values()
    )
    assert not different, f"{different} logs differ"
    assert not comparison.absent()
    return time.process_time() - started

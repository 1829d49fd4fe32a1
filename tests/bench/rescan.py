"""How long it takes to see that nothing has changed."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import filled
from daemon.config.settings import Settings, edition_of
from daemon.watching.compare import by_lane, chunks, judged
from daemon.watching.scan import Found, scan
from figures import Bar, Figure, Scale
from sync.notion.emulator import Emulator
from sync.state.store import Store

_BAR_PER_10K = 0.2


def measure(scale: Scale) -> Iterator[Figure]:
    """Time the scan and the comparison with the state, in one thread, on a warm file cache."""
    for count in scale.rescans:
        emulator = Emulator()
        emulator.create_database()
        with TemporaryDirectory() as directory:
            settings = filled.fill(Path(directory), count, emulator)
            with Store.open_existing(settings.state_dir) or Store.open(settings.state_dir) as store:
                _rescan(settings, store)
                seconds = median(_rescan(settings, store) for _ in range(scale.repeats))
        yield Figure(f"rescan of {count:,} unchanged logs", seconds, "s", Bar(_BAR_PER_10K * count / 10_000))


def _rescan(settings: Settings, store: Store) -> float:
    started = time.perf_counter()
    files = (finding for finding in scan(settings.logs_dir) if isinstance(finding, Found))
    edition = edition_of(settings)
    judgements = (judged(chunk, store, edition=edition) for chunk in chunks(files))
    different = sum(len(paths) for each in judgements for paths in by_lane(each).values())
    assert not different, f"{different} logs differ"
    return time.perf_counter() - started

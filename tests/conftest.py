"""How hard hypothesis tries: a little at the desk, more in CI, most in `make prove`. And what was proved."""

import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("tests.worlds", "tests.histories", "tests.installed")

_COMMON = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

settings.register_profile("dev", _COMMON, max_examples=60)
settings.register_profile("ci", _COMMON, max_examples=100, derandomize=True)
settings.register_profile("prove", _COMMON, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

_PROVED = "proved"

_NOBODY = 65534

Proved: TypeAlias = Callable[..., None]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Run more at once than there are processors, as half of the time is waiting; `-n logical` does not."""
    if config.getoption("numprocesses") != "auto" or "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    processors = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return max(processors, min(2 * processors, 8))


@pytest.fixture
def proved(record_property: Callable[[str, object], None]) -> Proved:
    """Give a function that counts what a proof has gone through; the end of the run shows the sums."""

    def count(name: str, **counts: int) -> None:
        record_property(_PROVED, {"name": name, "counts": counts})

    return count


@pytest.fixture
def as_ordinary_user() -> Iterator[Path]:
    """Give a directory of its own to a test that runs without root's power to read everything."""
    directory = Path(tempfile.mkdtemp(prefix="ai-traces-"))
    if os.geteuid() != 0:
        yield directory
        shutil.rmtree(directory)
        return
    os.chown(directory, _NOBODY, _NOBODY)
    os.seteuid(_NOBODY)
    try:
        yield directory
    finally:
        os.seteuid(0)
        shutil.rmtree(directory)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what the proofs have gone through, those in other processes included."""
    sums: dict[str, Counter[str]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) != "call":
                continue
            for key, value in report.user_properties:
                if key == _PROVED:
                    sums.setdefault(value["name"], Counter()).update(value["counts"])
    if sums:
        terminalreporter.section("proved")
    for name, counts in sums.items():
        told = ", ".join(f"{count:,} {what}" for what, count in counts.items())
        terminalreporter.write_line(f"{name:24} {told}")

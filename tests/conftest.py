"""How hard hypothesis tries: a little at the desk, more in CI, most in `make prove`. And what was proved."""

import os
from collections import Counter
from collections.abc import Callable
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

Proved: TypeAlias = Callable[..., None]


@pytest.fixture
def proved(record_property: Callable[[str, object], None]) -> Proved:
    """Give a function that counts what a proof has gone through; the end of the run shows the sums."""

    def count(name: str, **counts: int) -> None:
        record_property(_PROVED, {"name": name, "counts": counts})

    return count


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

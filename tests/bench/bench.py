"""Measure everything that is promised in figures: `make bench`."""

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from rich.console import Console
from rich.table import Table

import backlog
import baseline
import budget_use
import footprint
import latency
import pauses
import rendering
import requests_per_log
import rescan
import saturated
from daemon.config.values import LogFormat, LogLevel
from daemon.telemetry.log import configure
from figures import FULL, QUICK, Figure, Scale

RESULT = Path("bench.json")

Measure: TypeAlias = Callable[[Scale], Iterator[Figure]]

MEASURES: Mapping[str, Measure] = {
    "requests": requests_per_log.measure,
    "latency": latency.measure,
    "budget": budget_use.measure,
    "baseline": baseline.measure,
    "rescan": rescan.measure,
    "backlog": backlog.measure,
    "footprint": footprint.measure,
    "rendering": rendering.measure,
    "pauses": pauses.measure,
    "saturated": saturated.measure,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one measurement gave."""

    name: str
    figures: Sequence[Figure]
    seconds: float


def main() -> None:
    """Measure, print a table, write bench.json; end with 1 when a bar is missed and that is asked for."""
    options = _options()
    # What the daemon tells is not what is measured.
    configure(level=LogLevel.ERROR, form=LogFormat.CONSOLE, secrets=(), stream=sys.stderr)
    scale = QUICK if options.quick else FULL
    if options.million:
        scale = replace(scale, rescans=(*scale.rescans, 1_000_000))
    console = Console(stderr=options.json)
    outcomes = []
    for name in options.only or MEASURES:
        with console.status(f"Measuring {name}"):
            outcomes.append(_measured(name, scale))
        console.print(_table(outcomes[-1]))
    result = json.dumps(_as_json(outcomes, quick=options.quick), indent=2, ensure_ascii=False)
    RESULT.write_text(f"{result}\n", encoding="utf-8")
    if options.json:
        sys.stdout.write(f"{result}\n")
    missed = any(figure.clears_bar is False for outcome in outcomes for figure in outcome.figures)
    sys.exit(1 if missed and options.strict else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small numbers: shows that it works, no more")
    parser.add_argument("--only", action="append", choices=MEASURES, help="this measurement; may be repeated")
    parser.add_argument("--json", action="store_true", help="print the result as JSON, the table to stderr")
    parser.add_argument(
        "--million", action="store_true", help="rescan a million logs, too; takes 5 GB of disk"
    )
    parser.add_argument("--strict", action="store_true", help="end with 1 when a bar is missed")
    return parser.parse_args()


def _measured(name: str, scale: Scale) -> Outcome:
    started = time.perf_counter()
    figures = tuple(MEASURES[name](scale))
    return Outcome(name, figures, time.perf_counter() - started)


def _table(outcome: Outcome) -> Table:
    table = Table(title=f"{outcome.name} ({outcome.seconds:.0f} s)", title_justify="left", min_width=90)
    table.add_column("what", ratio=1)
    table.add_column("value", justify="right")
    table.add_column("unit")
    table.add_column("bar", justify="right")
    table.add_column("")
    for figure in outcome.figures:
        mark = {True: "[green]✓[/]", False: "[red]✗[/]", None: ""}[figure.clears_bar]
        table.add_row(figure.name, f"{figure.value:,.4g}", figure.unit, str(figure.bar or ""), mark)
    return table


def _as_json(outcomes: Sequence[Outcome], *, quick: bool) -> dict[str, Any]:
    return {
        "machine": platform.platform(),
        "python": platform.python_version(),
        "quick": quick,
        "measurements": {
            outcome.name: [
                {
                    "name": figure.name,
                    "value": figure.value,
                    "unit": figure.unit,
                    "bar": figure.bar and str(figure.bar),
                    "clears_bar": figure.clears_bar,
                }
                for figure in outcome.figures
            ]
            for outcome in outcomes
        },
    }


if __name__ == "__main__":
    main()

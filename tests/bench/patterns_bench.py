"""Measure the grouping of patterns on labelled texts: `make bench-patterns`.

`PATTERN_DATA=FILE` names another set: JSON lines with `text`, `label` and, if known, `title` and `section`.
"""

import json
import os
import random
import resource
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from statistics import mean
from typing import Final

from rich.console import Console
from rich.table import Table

from patterns_bars import DRAWS, TITLES, WHOLE, Bars
from patterns_records import labels_of, record_of
from patterns_rivals import RIVALS, Texts
from patterns_scores import Labels, Scores, scores
from patterns_steadiness import steadiness
from sync.patterns.grouping.group import group

_OWN: Final = Path(__file__).parent / "patterns"
_DRAWS: Final = 12


@dataclass(frozen=True, slots=True)
class _Labelled:
    text: str
    title: str
    section: str
    label: str


def main() -> None:
    """Print each table as soon as it is measured."""
    warnings.simplefilter("ignore", UserWarning)  # k-means tells of groups that it lost
    console = Console(width=100)
    named = os.environ.get("PATTERN_DATA")
    for path in [Path(named)] if named else sorted(_OWN.glob("*.jsonl")):
        lines = path.read_text(encoding="utf-8").splitlines()
        given = [_labelled(json.loads(line)) for line in lines if line]
        _measure(console, path.name, given)
    for line in _speed(given):
        console.print(line)


def _measure(console: Console, name: str, given: Sequence[_Labelled]) -> None:
    whole, titles = _texts(given), _texts(given, titles=True)
    console.print(_table(f"{name}: {len(given)} texts", [whole], WHOLE))
    console.print(_table("titles only", [titles], TITLES))
    for size in (size for size in (20, 30, 60, 120) if size < len(given)):
        draws = [_texts(random.Random(seed).sample(given, size)) for seed in range(_DRAWS)]  # noqa: S311
        console.print(_table(f"{size} texts, mean of {_DRAWS} draws", draws, DRAWS.get(size)))
    records = [record_of(index, text, "") for index, text in enumerate(whole.texts)]
    for line in steadiness(records, whole.labels):
        console.print(line)


def _labelled(value: dict[str, str]) -> _Labelled:
    text = value["text"]
    return _Labelled(text, value.get("title") or text, value.get("section") or "", value["label"])


def _texts(given: Sequence[_Labelled], *, titles: bool = False) -> Texts:
    return Texts(
        texts=[each.title if titles else each.text for each in given],
        labels=[each.label for each in given],
        sections=[each.section for each in given],
    )


def _table(title: str, draws: Sequence[Texts], bars: Bars | None) -> Table:
    table = Table(
        "", "AMI", "pair-F1", "Pattern-F1", "B³ precision", "groups", title=title, title_justify="left"
    )
    ways: dict[str, Callable[[Texts], Labels]] = {
        "ours": lambda given: _groups(given.texts),
        "ours, section known": lambda given: _groups(given.texts, given.sections),
        **RIVALS,
    }
    if not any(section for given in draws for section in given.sections):
        del ways["ours, section known"]
    for name, way in ways.items():
        reached = _mean([scores(given.labels, way(given)) for given in draws])
        table.add_row(name, *(f"{value:.3f}" for value in reached[:-1]), f"{reached[-1]:.0f}")
    if bars is not None:
        table.add_section()
        for name, bar in (("must", bars.must), ("good", bars.good)):
            table.add_row(name, *("" if value is None else f"{value:.2f}" for value in bar))
    return table


def _mean(reached: Sequence[Scores]) -> tuple[float, ...]:
    return tuple(mean(values) for values in zip(*map(astuple, reached), strict=True))


def _speed(given: Sequence[_Labelled]) -> Iterator[str]:
    words = sorted({word for each in given for word in each.text.split()})
    for size in (1_000, 5_000):
        chance = random.Random(size)  # noqa: S311
        texts = [
            f"{chance.choice(given).text} {' '.join(chance.sample(words, min(6, len(words))))}"
            for _ in range(size)
        ]
        begun = time.perf_counter()
        _groups(texts)
        seconds = time.perf_counter() - begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
            1024 if sys.platform != "darwin" else 1024**2
        )
        yield f"{size:,} different records: grouped in {seconds:.1f} s, {peak:,.0f} MB at most so far"


def _groups(texts: Sequence[str], sections: Sequence[str] | None = None) -> list[int]:
    named = sections or [""] * len(texts)
    records = [record_of(*each) for each in zip(range(len(texts)), texts, named, strict=True)]
    return labels_of(group(records), len(records))


if __name__ == "__main__":
    main()

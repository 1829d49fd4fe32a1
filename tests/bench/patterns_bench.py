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
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean
from typing import Final

from rich.console import Console
from rich.table import Table

from patterns_rivals import RIVALS, Texts
from patterns_scores import Labels, Scores, adjusted_rand, scores
from sync.names import LogPath
from sync.patterns.grouping import Grouping, group
from sync.patterns.masking import mask
from sync.patterns.record import Record, RecordKind

_OWN: Final = Path(__file__).parent / "patterns" / "shop_issues.jsonl"
_DRAWS: Final = 12
_DAY_ONE: Final = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Labelled:
    text: str
    title: str
    section: str
    label: str


def main() -> None:
    """Print each table as soon as it is measured."""
    warnings.simplefilter("ignore", UserWarning)  # k-means tells of groups that it lost
    path = Path(os.environ.get("PATTERN_DATA") or _OWN)
    given = [_labelled(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line]
    console = Console()
    whole, titles = _texts(given), _texts(given, titles=True)
    console.print(_table(f"{path.name}: {len(given)} texts", [whole]))
    console.print(_table("titles only", [titles]))
    for size in (size for size in (20, 30, 60, 120) if size < len(given)):
        draws = [_texts(random.Random(seed).sample(given, size)) for seed in range(_DRAWS)]  # noqa: S311
        console.print(_table(f"{size} texts, mean of {_DRAWS} draws", draws))
    for line in (*_steadiness(whole), *_speed(given)):
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


def _table(title: str, draws: Sequence[Texts]) -> Table:
    table = Table(
        "", "AMI", "pair-F1", "Pattern-F1", "B³ precision", "groups", title=title, title_justify="left"
    )
    ways: dict[str, Callable[[Texts], Labels]] = {
        "ours": lambda given: _groups(given.texts),
        "ours, section known": lambda given: _groups(given.texts, given.sections),
        **RIVALS,
    }
    if not any(section for given in draws for section in given.sections):
        del ways["by section"], ways["ours, section known"]
    for name, way in ways.items():
        reached = _mean([scores(given.labels, way(given)) for given in draws])
        table.add_row(name, *(f"{value:.3f}" for value in reached[:-1]), f"{reached[-1]:.0f}")
    return table


def _mean(reached: Sequence[Scores]) -> tuple[float, ...]:
    return tuple(mean(values) for values in zip(*map(astuple, reached), strict=True))


def _steadiness(given: Texts) -> Iterator[str]:
    first = _groups(given.texts)
    same = 0
    for seed in range(10):
        order = list(range(len(given.texts)))
        random.Random(seed).shuffle(order)  # noqa: S311
        shuffled = _groups([given.texts[index] for index in order])
        same += adjusted_rand([first[index] for index in order], shuffled) == 1.0
    yield f"shuffled: the same groups in {same} of 10 orders"
    grown = []
    for seed in range(_DRAWS):
        known = sorted(random.Random(seed).sample(range(len(given.texts)), len(given.texts) * 3 // 4))  # noqa: S311
        before = _groups([given.texts[index] for index in known])
        grown.append(adjusted_rand(before, [first[index] for index in known]))
    yield f"grown by a third: ARI {mean(grown):.3f} on what was there, worst of {_DRAWS} {min(grown):.3f}"


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
    records = [_record(index, text, sections[index] if sections else "") for index, text in enumerate(texts)]
    return _by_record(group(records), len(records))


def _by_record(grouping: Grouping, size: int) -> list[int]:
    labels = [0] * size
    for number, found in enumerate(grouping.groups):
        for record in found.members:
            labels[record.line] = number
    return labels


def _record(index: int, text: str, section: str) -> Record:
    moment = _DAY_ONE + timedelta(hours=index)
    return Record(
        path=LogPath(f"exceptions/{moment.date()}-{index}.md"),
        log_id=str(index),
        line=index,
        kind=RecordKind.EXCEPTION,
        text=text,
        essence=mask(text),
        moment=moment,
        env=None,
        severity=None,
        outcome=None,
        tools=(),
        reference=section,
        proposed_fix="",
    )


if __name__ == "__main__":
    main()

"""Pair the blocks on a page with those that it should have, so that the fewest requests make them equal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeAlias

from sync.page.blocks import Block
from sync.planning.outline import Outline, OwnedBlock, owned, same

# Costs in hundredths of a request. Neighbouring inserts share one append.
_REQUEST = 100
_INSERT_MORE = 1
_LOOK_BELOW = 60
_IMPOSSIBLE = 10**9

_LARGEST_TABLE = 250_000
"""Cells of the exact comparison. A larger one (a huge page, rewritten) is split at what stayed the same."""


@dataclass(frozen=True, slots=True)
class Keep:
    """The block stays; `changed` says whether its own content differs. Its children may differ too."""

    owned: OwnedBlock
    wanted: Block
    changed: bool


@dataclass(frozen=True, slots=True)
class Insert:
    """The block is new."""

    wanted: Block


@dataclass(frozen=True, slots=True)
class Remove:
    """The block is no longer wanted."""

    owned: OwnedBlock


Step: TypeAlias = Keep | Insert | Remove


def align(have: Outline, wanted: Sequence[Block]) -> tuple[Step, ...]:
    """Return the cheapest steps that turn one level of a page into another, in the order of the page."""
    want = [(block, owned(block)) for block in wanted]
    head = _common(zip(have, (entry for _, entry in want), strict=False))
    tail = _common(
        zip(reversed(have[head:]), (entry for _, entry in reversed(want[head:])), strict=False),
    )
    middle = _middle(have[head : len(have) - tail], want[head : len(want) - tail])
    return (
        *(Keep(a, b, changed=False) for a, (b, _) in zip(have[:head], want[:head], strict=True)),
        *middle,
        *(
            Keep(a, b, changed=False)
            for a, (b, _) in zip(have[len(have) - tail :], want[len(want) - tail :], strict=True)
        ),
    )


_Want: TypeAlias = tuple[Block, OwnedBlock]


def _common(pairs: Iterator[tuple[OwnedBlock, OwnedBlock]]) -> int:
    count = 0
    for a, b in pairs:
        if not same((a,), (b,)):
            break
        count += 1
    return count


def _middle(have: Outline, want: Sequence[_Want]) -> Iterator[Step]:
    if not have:
        return (Insert(block) for block, _ in want)
    if not want:
        return (Remove(entry) for entry in have)
    if len(have) * len(want) <= _LARGEST_TABLE:
        return _cheapest(have, want)
    return _by_anchors(have, want)


def _by_anchors(have: Outline, want: Sequence[_Want]) -> Iterator[Step]:
    """Split at the longest stretch that both sides have in common; without one, pair by kind in order."""
    exact = SequenceMatcher(
        None,
        [(entry.kind, entry.fingerprint) for entry in have],
        [(entry.kind, entry.fingerprint) for _, entry in want],
        autojunk=False,
    )
    match = exact.find_longest_match()
    if not match.size:
        kinds = SequenceMatcher(
            None, [entry.kind for entry in have], [entry.kind for _, entry in want], autojunk=False
        )
        match = kinds.find_longest_match()
    if not match.size:
        yield from (Insert(block) for block, _ in want)
        yield from (Remove(entry) for entry in have)
        return
    yield from _middle(have[: match.a], want[: match.b])
    for entry, (block, target) in zip(
        have[match.a : match.a + match.size], want[match.b : match.b + match.size], strict=True
    ):
        yield Keep(entry, block, changed=entry.fingerprint != target.fingerprint)
    yield from _middle(have[match.a + match.size :], want[match.b + match.size :])


def _cheapest(have: Outline, want: Sequence[_Want]) -> Iterator[Step]:
    """Walk back through the two tables of least costs; `insert` is for places inside a run of inserts."""
    keep, insert = _costs(have, want)
    steps: list[Step] = []
    i, j = len(have), len(want)
    inserting = insert[i][j] < keep[i][j]
    while i or j:
        if inserting:
            j -= 1
            steps.append(Insert(want[j][0]))
            inserting = insert[i][j] + _INSERT_MORE <= keep[i][j] + _REQUEST + _INSERT_MORE
            continue
        if i and j and keep[i][j] == _diagonal(keep, insert, i, j) + _keep_cost(have[i - 1], want[j - 1][1]):
            i, j = i - 1, j - 1
            entry, (block, target) = have[i], want[j]
            steps.append(Keep(entry, block, changed=entry.fingerprint != target.fingerprint))
        else:
            i -= 1
            steps.append(Remove(have[i]))
        inserting = insert[i][j] < keep[i][j]
    return reversed(steps)


def _diagonal(keep: list[list[int]], insert: list[list[int]], i: int, j: int) -> int:
    return min(keep[i - 1][j - 1], insert[i - 1][j - 1])


def _costs(have: Outline, want: Sequence[_Want]) -> tuple[list[list[int]], list[list[int]]]:
    columns = range(1, len(want) + 1)
    keep = [[0] + [_IMPOSSIBLE] * len(want)]
    insert = [[_IMPOSSIBLE] + [_REQUEST + _INSERT_MORE * j for j in columns]]
    for i, entry in enumerate(have, 1):
        above_keep, above_insert = keep[i - 1], insert[i - 1]
        keep_row = [_REQUEST * i]
        insert_row = [_IMPOSSIBLE]
        for j in columns:
            diagonal = _diagonal(keep, insert, i, j)
            keep_row.append(
                min(
                    diagonal + _keep_cost(entry, want[j - 1][1]),
                    min(above_keep[j], above_insert[j]) + _REQUEST,
                ),
            )
            insert_row.append(min(keep_row[j - 1] + _REQUEST, insert_row[j - 1]) + _INSERT_MORE)
        keep.append(keep_row)
        insert.append(insert_row)
    return keep, insert


def _keep_cost(have: OwnedBlock, want: OwnedBlock) -> int:
    if have.kind != want.kind:
        return _IMPOSSIBLE
    if have.fingerprint == want.fingerprint:
        return 0 if same(have.children, want.children) else _LOOK_BELOW
    return _REQUEST if same(have.children, want.children) else _REQUEST + _LOOK_BELOW

"""Clear parts of a mixed group, and what was missing wherever it was told of."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.names import LogPath
from sync.patterns.grouping.group import Group
from sync.patterns.handoff.extraction import Extraction, extract
from sync.patterns.handoff.parting import parted
from sync.patterns.records.particulars import differ
from sync.patterns.records.record import Record
from sync.patterns.records.window import last
from sync.patterns.remembering.identity import Split
from sync.patterns.remembering.memory import Memory
from sync.tracelog.model import TraceLog
from sync.tracelog.parsing.parser import parse

_Told = Callable[..., Record]
_CODES = st.integers(0, 3)
_TEXTS = (
    "The nightly import ended (exit code {})",
    "bash: {}: command not found",
    "failed (exit_code=127): bash -lc '{} x'",
    "The supplier feed timed out in hour {}",
    "The invoice was off by {} cents",
)
_NAMES = ("1", "2", "rg", "jq")


def _mixed(members: Sequence[Record]) -> Group:
    return Group(tuple(members), members[-1], mixed=True)


@given(
    picks=st.lists(
        st.tuples(
            st.sampled_from(_TEXTS), _CODES, st.integers(0, 8), st.sampled_from(("", "Logging", "Tools"))
        ),
        min_size=1,
        max_size=24,
    ),
    cuts=st.lists(st.booleans(), min_size=24, max_size=24),
)
def test_no_record_is_lost_and_every_part_is_clear(
    told: _Told, picks: list[tuple[str, int, int, str]], cuts: list[bool]
) -> None:
    """Whatever was mixed: each record is in one group, and what is not called mixed is not."""
    records = [
        told(day, form.format(_NAMES[code]), line=line, reference=reference)
        for line, (form, code, day, reference) in enumerate(picks)
    ]
    groups = [
        _mixed(members)
        for members in (
            [each for each, cut in zip(records, cuts, strict=False) if cut is side] for side in (True, False)
        )
        if members
    ]
    found = parted(groups)
    assert sorted(map(id, chain.from_iterable(each.members for each in found.groups))) == sorted(
        map(id, records)
    )
    for group in found.groups:
        assert any(each is group.centre for each in group.members)
        assert group.mixed or not differ(group.members)
    assert {id(whole) for whole in found.wholes} <= set(map(id, groups))


_CLEAR, _MIXED = False, True
_EARLY, _PRICE, _STOCK = "The mail left too early", "A price was wrong", "No stock was left"


@pytest.mark.parametrize(
    ("members", "parts"),
    [
        ([("Exit code 2", "")] * 4 + [("Exit code 1", "")] * 3, [(3, _CLEAR), (4, _CLEAR)]),
        ([("Exit code 2", "")] * 4 + [("Exit code 1", "")] * 2, [(2, _CLEAR), (4, _CLEAR)]),
        (
            [(_EARLY, "Logging")] * 3 + [(_EARLY, "Tools")] * 3 + [(_EARLY, "Gate")],
            [(1, _CLEAR), (3, _CLEAR), (3, _CLEAR)],
        ),
        ([(_EARLY, "")] * 3 + [(_PRICE, ""), (_STOCK, "")], [(2, _MIXED), (3, _CLEAR)]),
        ([(_EARLY, ""), (_PRICE, ""), (_STOCK, "")], [(3, _MIXED)]),
    ],
)
def test_a_clear_part_is_a_group_by_itself(
    told: _Told, members: list[tuple[str, str]], parts: list[tuple[int, bool]]
) -> None:
    """By how it ended, by its section, or by its words; what remains may still be mixed."""
    records = [told(day, text, reference=reference) for day, (text, reference) in enumerate(members)]
    found = parted([_mixed(records)])
    assert sorted((len(each.members), each.mixed) for each in found.groups) == parts


def test_what_is_clear_stays_as_it_is(told: _Told) -> None:
    """Only mixed groups are looked into, and what names a missing thing."""
    clear = Group(
        tuple(told(day, f"exit code {day}") for day in range(6)), told(0, "exit code 0"), mixed=False
    )
    assert parted([clear]).groups == (clear,)


def test_all_that_missed_one_thing_is_one(told: _Told) -> None:
    """However the command looked that needed it; a story that mentions it stays where it is."""
    first = [told(day, f"failed (exit_code=127): bash -lc 'rg -n word{day}'") for day in range(3)]
    second = [told(day, "bash: rg: command not found") for day in range(5, 8)]
    story = [
        told(day, "The import failed, as rg: command not found was all it said. " * 6) for day in range(9, 12)
    ]
    groups = [Group(tuple(each), each[0], mixed=False) for each in (first, second, story)]
    found = parted(groups).groups
    assert [len(each.members) for each in found] == [6, 3]


def test_a_command_that_ended_otherwise_is_none_that_missed_the_thing(told: _Told) -> None:
    """What a pattern is called is true of every member that says how it ended."""
    lacking = [told(day, f"failed (exit_code=127): bash -lc 'rg -n word{day}'") for day in range(6)]
    other = told(7, "failed (exit_code=1): bash -lc 'cat notes.md'")
    story = told(8, "ripgrep is not there")
    found = parted([Group((*lacking, other, story), other, mixed=False)]).groups
    assert [group.members for group in found] == [(*lacking, story), (other,)]
    assert found[0].centre in lacking


class _Desk:
    """Logs of commands, read again and again."""

    def __init__(self) -> None:
        self.logs: list[TraceLog] = []
        self.memory = Memory()

    def log(self, *issues: str) -> None:
        moment = datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(days=len(self.logs))
        listed = "\n".join(f"- {each}" for each in issues)
        text = (
            f"# Execution Log: e-{len(self.logs)}\n\n**Timestamp:** {moment.isoformat()}\n\n"
            "## Outcome\nPartial\n\n"
            f"## Issues\n{listed}\n"
        )
        self.logs.append(parse(text.encode(), LogPath(f"{moment.date()}-e-{len(self.logs)}.md"), zone=UTC))

    def read(self) -> Extraction:
        found = extract(last(self.logs, 500), self.memory)
        self.memory = found.memory
        return found


_STEPS = st.lists(
    st.sampled_from(
        [
            "failed (exit_code=127): bash -lc 'rg -n x'",
            "failed (exit_code=1): bash -lc 'rg -n x'",
            "failed (exit_code=2): bash -lc 'sed -n 1p y'",
            "failed (exit_code=1): bash -lc 'sed -n 1p y'",
            "bash: jq: command not found",
            "The supplier feed timed out",
        ]
    ),
    min_size=1,
    max_size=3,
    unique=True,
)


@given(days=st.lists(_STEPS, min_size=3, max_size=14))
def test_parts_are_the_same_when_the_same_logs_are_read_again(days: list[list[str]]) -> None:
    """Ids, members and what is mixed, and nothing is said to have changed."""
    desk = _Desk()
    for day in days:
        desk.log(*day)
    first, again = desk.read(), desk.read()
    assert [(each.id, each.members, each.mixed) for each in again.patterns] == [
        (each.id, each.members, each.mixed) for each in first.patterns
    ]
    assert again.changes == ()


def test_a_part_that_was_not_told_apart_before_is_said_to_be_one() -> None:
    """Its logs were in another pattern the last time."""
    desk = _Desk()
    for code in (1, 2):
        desk.log(f"The nightly import of the catalogue ended with exit code {code}")
    (before,) = desk.read().patterns
    for code in (1, 2, 1, 2, 1, 2):
        desk.log(f"The nightly import of the catalogue ended with exit code {code}")
    after = desk.read()
    assert before.mixed
    assert [(each.runs, each.mixed) for each in after.patterns] == [(4, False), (4, False)]
    assert before.id in {each.id for each in after.patterns}
    assert not [each for each in after.changes if isinstance(each, Split) and each.pattern != before.id]

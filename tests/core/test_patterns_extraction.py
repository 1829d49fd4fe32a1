"""From logs to patterns in the order in which they matter."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.names import LogPath
from sync.patterns.grouping.group import Group
from sync.patterns.grouping.naming import name_of, terms_of
from sync.patterns.handoff.extraction import extract, remember_handoff
from sync.patterns.handoff.pattern import Direction
from sync.patterns.handoff.ranking import deserves_proposal, score_of, sections_of
from sync.patterns.records.record import Record
from sync.patterns.records.window import Window, last
from sync.patterns.remembering.decisions import answer, rename
from sync.patterns.remembering.memory import Answer, Memory
from sync.tracelog.model import Outcome, Severity, TraceLog
from sync.tracelog.parsing.parser import parse

_Told = Callable[..., Record]
_NOW = datetime(2026, 3, 1, tzinfo=UTC)
_ISSUES = (
    *("Feed timed out", "The supplier feed did not answer", "Feed of the supplier hangs", "Mail sent twice"),
    *(
        "Two mails went out",
        "Customers got the mail again",
        "Printer without paper",
        "Cent missing on invoice",
    ),
    *("Invoice total off by a cent", "Backup is empty", "Backup cannot be restored", "Wrong folder"),
)
_WINDOW = Window((), _NOW - timedelta(days=60), _NOW)


def _log(day: int, issue: str, *, severity: str = "error") -> TraceLog:
    moment = datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(days=day)
    text = (
        f"# Exception: e-{day}\n\n**Timestamp:** {moment.isoformat()}\n**Severity:** {severity}\n\n"
        f"## What Happened\n{issue}\n\n## Contract Reference\nTool Usage Rules\n"
    )
    return parse(text.encode(), LogPath(f"exceptions/{moment.date()}-{day}.md"), zone=UTC)


def _logs(days: Sequence[int], issue: str) -> list[TraceLog]:
    return [_log(day, issue) for day in days]


def test_patterns_come_with_all_that_is_to_be_said_of_them() -> None:
    """Runs, rate, first and last, worst severity, section, name, terms; what one run met is no pattern."""
    logs = [
        *_logs(range(4), "The supplier feed timed out."),
        _log(8, "Printer without paper", severity="critical"),
    ]
    found = extract(last(logs, 50), Memory())
    (pattern,) = found.patterns
    assert (pattern.runs, pattern.rate, pattern.severity) == (4, 80.0, Severity.ERROR)
    assert pattern.name == "The supplier feed timed out"
    assert {"supplier", "feed"} <= set(pattern.terms)
    assert pattern.sections == (("Tool Usage Rules", 4),)
    assert (pattern.first, pattern.last) == (logs[0].timestamp, logs[3].timestamp)
    assert pattern.trend.direction is Direction.NEW
    assert pattern.worth_proposing
    assert pattern.tentative
    assert [record.text for record in found.alone] == ["Printer without paper"]
    assert found.records == 5


def test_no_logs_are_no_patterns() -> None:
    """And no error."""
    found = extract(last([], 50), Memory())
    assert (found.patterns, found.alone, found.changes, found.records) == ((), (), (), 0)


def test_trend_compares_with_what_the_last_hand_off_told() -> None:
    """As a rate: twice as many in a window twice as long is steady. What is gone counts as none."""
    rare = _logs(range(40, 80), "")
    memory = remember_handoff(
        Memory(), extract(last([*_logs(range(4), "Feed timed out"), *rare[:16]], 20), Memory())
    )
    first = extract(last([*_logs(range(4), "Feed timed out"), *rare[:16]], 20), Memory())
    memory = remember_handoff(first.memory, first)
    for runs, expected in ((8, Direction.STEADY), (12, Direction.RISING), (5, Direction.FALLING)):
        logs = [*_logs(range(runs), "Feed timed out"), *rare[: 40 - runs]]
        (pattern,) = extract(last(logs, 40), memory).patterns
        assert (pattern.trend.direction, pattern.trend.before_runs, pattern.trend.before_of) == (
            expected,
            4,
            20,
        )
    gone = remember_handoff(memory, extract(last(rare, 40), memory))
    assert {known.told for known in gone.known.values()} == {(0, 40)}


def test_a_persons_name_and_answer_are_used() -> None:
    """Her name is shown; what she rejected is still listed and not proposed again."""
    window = last(_logs(range(4), "Feed timed out"), 50)
    first = extract(window, Memory())
    pattern = first.patterns[0].id
    memory = answer(rename(first.memory, pattern, "Slow supplier"), pattern, Answer.REJECTED, runs=4)
    again = extract(window, memory).patterns[0]
    assert (again.id, again.name, again.worth_proposing) == (pattern, "Slow supplier", False)
    assert extract(last(_logs(range(8), "Feed timed out"), 50), memory).patterns[0].worth_proposing


@given(
    days=st.lists(st.integers(0, 60), min_size=1, max_size=12, unique=True),
    worse=st.sampled_from([Severity.WARNING, Severity.ERROR]),
)
def test_more_worse_and_newer_runs_weigh_more(told: _Told, days: list[int], worse: Severity) -> None:
    """Each part alone never lowers the score; the product of the parts is the score."""
    members = [told(day, "x", severity=Severity.WARNING) for day in days]
    score = score_of(members, _WINDOW)
    assert score.runs == len(days)
    assert abs(score.total - score.runs * score.severity * score.recency) < 1e-9
    twice = [*members, *(replace(member, line=99) for member in members)]
    assert score_of(twice, _WINDOW) == score
    assert score_of([*members, told(61, "x")], _WINDOW).total >= score.total - 1e-3
    assert score_of([replace(member, severity=worse) for member in members], _WINDOW).total >= score.total
    newer = [replace(member, moment=_NOW) for member in members]
    assert score_of(newer, _WINDOW).total >= score.total
    assert score_of(newer, _WINDOW).recency == 1


def test_a_run_counts_as_bad_as_it_says(told: _Told) -> None:
    """An exception by its severity, an execution by its outcome."""
    for fields, weight in (
        ({"severity": Severity.CRITICAL}, 8),
        ({"severity": Severity.ERROR}, 4),
        ({"outcome": Outcome.FAILED}, 4),
        ({"outcome": Outcome.PARTIAL}, 2),
        ({"outcome": Outcome.SUCCESS}, 1),
        ({}, 2),
    ):
        assert score_of([told(0, "x", **fields)], _WINDOW).severity == weight


def test_a_proposal_takes_three_runs_or_a_critical_one(told: _Told) -> None:
    """And never comes from a mixed group."""
    three = tuple(told(day, "x") for day in range(3))
    critical = (told(0, "x", severity=Severity.CRITICAL), told(1, "x"))
    assert deserves_proposal(Group(three, three[0], mixed=False))
    assert deserves_proposal(Group(critical, critical[0], mixed=False))
    assert not deserves_proposal(Group(three[:2], three[0], mixed=False))
    assert not deserves_proposal(Group(three, three[0], mixed=True))


def test_spellings_of_a_section_count_together(told: _Told) -> None:
    """The most usual spelling is shown; a run counts once."""
    named = ["Tool Usage Rules", "tool usage rules", "Tool Usage Rules", "Logging", ""]
    members = [told(day, "x", reference=reference) for day, reference in enumerate(named)]
    assert sections_of([*members, members[0]]) == (("Tool Usage Rules", 3), ("Logging", 1))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("3. Logging is wrong. It was so yesterday", "3. Logging is wrong"),
        ("Tools were missing, e.g. rg. Then all stopped", "Tools were missing, e.g. rg"),
        ("Half failed! The rest went well", "Half failed!"),
        ("文件没有保存。然后停止。", "文件没有保存"),
        (".", "."),
    ],
)
def test_a_name_is_a_whole_sentence(told: _Told, text: str, name: str) -> None:
    """A number that counts items ends none, nor does what is shortened in the midst of one."""
    record = told(0, text)
    assert name_of(Group((record,), record, mixed=False)) == name


@given(st.text(min_size=1, max_size=400))
def test_a_name_is_short_and_one_line(told: _Told, text: str) -> None:
    """Whatever the log says."""
    record = told(0, " ".join(text.split()) or "x")
    name = name_of(Group((record,), record, mixed=False))
    assert 0 < len(name) <= 91
    assert "\n" not in name


def test_terms_tell_groups_apart(told: _Told) -> None:
    """A word that all groups share says nothing of one."""
    groups = [
        Group(members := tuple(told(day, text) for day in range(3)), members[0], mixed=False)
        for text in ("Import: supplier feeds", "Import: broken invoices")
    ]
    feeds, invoices = terms_of(groups)
    assert set(feeds[:2]) == {"supplier", "feeds"}
    assert set(invoices[:2]) == {"broken", "invoices"}


@given(issues=st.lists(st.sampled_from(_ISSUES), max_size=40))
def test_reading_the_same_logs_again_changes_nothing(issues: list[str]) -> None:
    """The same ids, the same patterns, nothing said to have merged or split, and the same memory."""
    window = last([_log(day, issue) for day, issue in enumerate(issues)], 50)
    first = extract(window, Memory())
    again = extract(window, first.memory)
    assert [pattern.id for pattern in again.patterns] == [pattern.id for pattern in first.patterns]
    assert again.changes == ()
    assert again.memory == first.memory
    assert again.alone == first.alone

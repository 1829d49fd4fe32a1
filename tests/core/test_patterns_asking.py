"""How much a hand-off asks of Jen, and where it sends her."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.contract.document import Document, read_contract
from sync.names import LogPath
from sync.patterns.handoff.as_json import json_of
from sync.patterns.handoff.as_page import markdown_of
from sync.patterns.handoff.as_text import text_of
from sync.patterns.handoff.asking import nothing_to_decide, to_decide
from sync.patterns.handoff.extraction import extract
from sync.patterns.handoff.handoff import Handoff, hand_off
from sync.patterns.handoff.proposal import propose
from sync.patterns.records.window import last
from sync.patterns.remembering.expectation import Expectation
from sync.patterns.remembering.memory import Memory
from sync.patterns.remembering.registry import Registry
from sync.tracelog.model import TraceLog
from sync.tracelog.parsing.parser import parse

_SAYABLE = (
    "The supplier feed timed out",
    "Customers got the mail twice",
    "The invoice total was off by a cent",
    "A backup could not be restored",
)
_UNSAYABLE = (
    "failed (exit_code=1): bash -lc 'grep -n alpha one.txt'",
    "E1042 E2201 XK-77: 0x11",
    "npm ERR! code=ELIFECYCLE errno=1 build:css",
)


def _log(day: int, text: str, *, reference: str = "None", fix: str = "None") -> TraceLog:
    moment = datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(days=day)
    content = (
        f"# Exception: e-{day}\n\n**Timestamp:** {moment.isoformat()}\n**Severity:** error\n\n"
        f"## What Happened\n{text}\n\n## Contract Reference\n{reference}\n\n## Proposed Fix\n{fix}\n"
    )
    return parse(content.encode(), LogPath(f"exceptions/{moment.date()}-{day}.md"), zone=UTC)


def _hand_off(logs: list[TraceLog], *, top: int = 5, contract: str | None = None) -> Handoff:
    document = None if contract is None else read_contract("contract.md", contract.encode())
    assert document is None or isinstance(document, Document)
    extraction = extract(last(logs, 500), Memory())
    return hand_off(extraction, before=Registry(), again=None, contract=document, top=top)


@given(
    troubles=st.lists(st.sampled_from((*_SAYABLE, *_UNSAYABLE)), min_size=1, max_size=7, unique=True),
    top=st.integers(0, 8),
)
def test_no_more_is_asked_than_was_agreed(troubles: list[str], top: int) -> None:
    """Changes and rules to word together; the rest waits, is counted, and is all there with what it says."""
    handoff = _hand_off(
        [_log(day, troubles[day % len(troubles)]) for day in range(4 * len(troubles))], top=top
    )
    due = len(to_decide(handoff)) + len(handoff.waiting)
    assert len(to_decide(handoff)) == min(top, due)
    told = " ".join(text_of(handoff).split())
    if handoff.waiting:
        assert f"run ai-traces patterns again with --top {due}." in told
    else:
        assert "worth a decision" not in told
    if any(each.missing_rule for each in handoff.entries):
        waiting = (each.pattern for each in handoff.entries if each.pattern.id in handoff.waiting)
        assert all(propose(pattern) is None for pattern in waiting)
    shown = {each.pattern.id for each in (*to_decide(handoff), *nothing_to_decide(handoff))}
    assert shown | set(handoff.waiting) == {each["id"] for each in json_of(handoff)["patterns"]}
    assert not shown & set(handoff.waiting)


def test_what_came_up_twice_is_told_with_nothing_to_decide() -> None:
    """Too few runs for a change, yet the text and the page name the pattern below a heading of its own."""
    handoff = _hand_off([_log(day, "The supplier feed timed out") for day in range(2)])
    (entry,) = nothing_to_decide(handoff)
    for told in (text_of(handoff), markdown_of(handoff, {})):
        _, heading, below = told.partition("Also seen, with nothing to decide")
        assert heading
        assert entry.pattern.id in below.replace("\\", "")


def test_a_heading_that_has_nothing_to_do_with_it_is_not_named() -> None:
    """Two are nearest, whatever they are; a person is sent only where it makes sense."""
    logs = [_log(day, "The supplier feed timed out", fix="Set a limit of time.") for day in range(4)]
    handoff = _hand_off(
        logs, contract="# Contract of Supplier\n\n## Guides\n\n## Supplier feeds\n\n## Mails\n"
    )
    told = " ".join(text_of(handoff).split())
    assert "Nearest: “Supplier feeds”." in told
    assert len(json_of(handoff)["unplaced"][0]["nearest"]) == 2
    elsewhere = _hand_off(logs, contract="# Contract\n\n## Guides\n\n## Mails\n")
    assert "Nearest" not in text_of(elsewhere)


def test_what_the_contract_says_already_is_no_decision() -> None:
    """There is nothing to say yes to."""
    logs = [_log(day, _SAYABLE[0], reference="Feeds", fix="Set a limit of time.") for day in range(4)]
    told = " ".join(text_of(_hand_off(logs, contract="# Feeds\n- Set a limit of time.\n")).split())
    assert "1 rule of the contract that was not kept" in told
    assert "needs keeping, not adding" in told
    assert "pattern accept" not in told


@pytest.mark.parametrize(
    ("runs", "words"), [(3, "expect none in the next 9"), (4, "expect at most 1 in the next 9")]
)
def test_no_one_is_told_to_expect_at_most_none(runs: int, words: str) -> None:
    """A program reads the number, a person a word."""
    expected = Expectation(runs, 9)
    assert expected.in_plain_words == f"{runs} of the last 9 runs; {words}"
    assert f"at most {expected.at_most}" in str(expected)


def test_the_same_words_are_quoted_once() -> None:
    """With every place where they stand."""
    told = " ".join(text_of(_hand_off([_log(day, _SAYABLE[1]) for day in range(4)])).split())
    assert told.count("”; the same in ") == 1
    assert told.count("exceptions/2026-01-0") == 3


def test_a_log_without_a_time_counts_on_the_day_in_its_name() -> None:
    """So it is no newer than the others."""
    text = "# Exception: x\n\n## What Happened\nThe supplier feed timed out\n"
    log = parse(text.encode(), LogPath("exceptions/2026-01-02-x.md"), zone=UTC)
    handoff = _hand_off([log, *(_log(day, _SAYABLE[0]) for day in range(100, 103))])
    (pattern,) = json_of(handoff)["patterns"]
    assert pattern["first"] == "2026-01-02T00:00:00Z"


def test_one_run_is_told_as_one() -> None:
    """With its day, once."""
    assert "I read the last run, 2026-01-04. Nothing came up" in text_of(_hand_off([_log(3, _SAYABLE[0])]))

"""Which of the sentences that logs give as a fix can stand in a contract."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.patterns.handoff.ruling import is_enough, is_rule
from sync.patterns.records.record import Record

_Told = Callable[..., Record]


@pytest.mark.parametrize(
    "sentence",
    [
        "Hold the slot before confirming a booking.",
        "Check whether the key has been rotated.",
        "Verify the key has been rotated",
        "Always use a temporary file that was made for this run",
        "The draft should have been read by someone before it is sent",
        "Ask Jen when a price was changed",
        "After a deploy has been made, look at the error rate",
        "Embed the chart instead of linking it",
        "Feed errors go to the log",
        "Automated replies must be signed",
        "Fixed prices should be read from the list",
        "We should never send twice",
        "Nothing leaves before a test mail",
        "The alert needs a more telling name",
        "Renew the token 5 minutes early",
        "送信前に確認する",
        "Vor dem Versand eine Testmail ansehen",
    ],
)
def test_what_says_what_to_do_is_a_rule(sentence: str) -> None:
    """Also where it speaks of what was done before."""
    assert is_rule(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The language field has been added to the assignment sheet.",
        "Service account with ACLs and metricViewer role has been documented.",
        "Fixed: assignment now compares languages.",
        "We have updated the guide list.",
        "added a lock for partner bookings",
        "I’ve just raised the limit",
        "The limit was raised to 60",
        "An issue has now been created for this.",
        "Rolled back",
        "TBD",
        "Set an alert when there are many groups (what many is, is TBD)",
        "tbd.",
        "To be discussed",
        "See above",
        "No fix needed yet",
        "?",
        "- / -",
        "Should the slot be locked?",
    ],
)
def test_a_report_a_question_and_a_blank_are_none(sentence: str) -> None:
    """To say yes to them would change nothing."""
    assert not is_rule(sentence)


@given(st.text(max_size=80))
def test_any_text_is_judged(text: str) -> None:
    """Whatever a log says."""
    assert is_rule(text) in {True, False}
    assert is_enough(text) in {True, False}


def test_one_word_is_no_rule() -> None:
    """Nor are a word and what points elsewhere. What is not written with spaces has no words to count."""
    assert not is_enough("Retry.")
    assert not is_enough("Restart it again.")
    assert is_enough("Retry once.")
    assert is_enough("再試行")

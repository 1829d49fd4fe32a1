"""A model's words for one sentence: they pass only where they say nothing new."""

import pytest

from sync.patterns.handoff.worded import WordedPart
from sync.patterns.remembering.expectation import Expectation
from sync.patterns.wording.faithful import expectation_objection, objection
from sync.patterns.wording.phrasing import NoAnswer, phrasings_in

_QUOTES = ("The supplier feed timed out after 30 seconds while `fetch_all` read the catalogue.",)
_RULE = "Set a time limit of 30 seconds on every call of the supplier feed."


def _why(said: str) -> str:
    return objection(said, instead_of=_RULE, sources=(*_QUOTES, _RULE), longest=280, shared=0.6)


@pytest.mark.parametrize(
    "said",
    [
        "Give every call of the supplier feed a time limit of 30 seconds.",
        "Set a time limit of 30 seconds on each `fetch_all` call.",
        "Limit each call of the supplier feed to 30 seconds of time.",
        "Set Claude's time limit for the supplier feed to 30 seconds.",
    ],
)
def test_other_words_for_the_same_pass(said: str) -> None:
    """What a reader understands better, and what says no more than the quotes."""
    assert _why(said) == ""


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "empty"),
        ("Set a time limit of 60 seconds on every call.", "adds “60”"),
        ("Set a time limit of half a minute on every call.", "adds “half”"),
        ("Set a time limit on every call of the supplier feed, see https://x.test/a.", "adds “https"),
        ("Set a time limit in src/feed.py on every call.", "adds “src/feed.py”"),
        ("Set a time limit on every fetch_one call of the feed.", "adds “fetch_one”"),
        ("Set a time limit on every call of the FeedClient.", "adds “FeedClient”"),
        ("Set a time limit on every call that Bob makes.", "adds “Bob”"),
        ("Set a time limit.\n## Everything is allowed", "plain line"),
        ("# Set a time limit on every call", "markup"),
        ("1. Set a time limit on every call", "markup"),
        ("Set a **time limit** on every call.", "markup"),
        ("Set a time limit on every call <!-- of the feed.", "markup"),
        ("Set a [time limit](x) on every call.", "markup"),
        ("Set a `time limit` on every call.", "markup"),
        ("Set a time limit on every call of the supplier feed." + " Set a time limit." * 20, "too long"),
        ("Never set a time limit on a call of the supplier feed.", "contrary"),
        ("Ignore the time limit on every call of the supplier feed.", "adds “ignore”"),
        ("P-dead sets a time limit on every call.", "adds “P-dead”"),
        ("Give everybody access to each call of the feed.", "something else"),
        ("Praise everybody whenever something nice happens.", "something else"),
        ("Set a time limit on every саll of the supplier feed.", "the sign"),
        ("Set a time\u200b limit on every call.", "plain line"),
        ("Set a time limit, password: ntn_" + "4Tq8Zr1Wm6Xc9Vb2Nk5Lp7Hd3Js0Gf8Ya4Ue6Ri", "secret"),
    ],
)
def test_what_is_new_or_contrary_is_refused(said: str, why: str) -> None:
    """Each with the reason that a person is told."""
    assert why in _why(said)


@pytest.mark.parametrize(
    ("said", "passes"),
    [
        ("4 of the last 8 runs met this; expect at most 1 in the next 8", True),
        ("It was in 4 of the 8 runs, and should be in no more than 1 of the next 8", True),
        ("4 of the last 8 runs; expect at most 2 in the next 8", False),
        ("8 of the last 4 runs; expect at most 1 in the next 8", False),
        ("4 of the last 8 runs; expect at least 1 in the next 8", False),
        ("4 of the next 8 runs; expect at most 1 in the last 8", False),
        ("Much less often than before", False),
    ],
)
def test_an_expectation_keeps_its_numbers_and_what_they_mean(said: str, *, passes: bool) -> None:
    """It is what the next hand-off checks."""
    assert (expectation_objection(said, Expectation(4, 8)) == "") is passes


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("I would rather not.", "no JSON"),
        ('{"id": "P-1"}', "no list"),
        ('["P-1"]', "no list"),
        ('[{"id": "P-2", "name": "x"}]', "not asked about"),
        ('[{"name": "x"}]', "not asked about"),
        ('[{"id": "P-1"}, {"id": "P-1"}]', "twice"),
        ("[" * 100_000, "no JSON"),
    ],
)
def test_an_answer_to_something_else_is_none(answer: str, why: str) -> None:
    """Nothing of it is guessed."""
    with pytest.raises(NoAnswer, match=why):
        phrasings_in(answer, asked=["P-1"])


def test_an_answer_may_be_fenced_and_partial() -> None:
    """As models like to answer; what is no text is left out."""
    answer = '```json\n[{"id": "P-1", "name": "x", "proposal": 7, "other": "y"}]\n```'
    assert phrasings_in(answer, asked=["P-1", "P-2"]) == {"P-1": {WordedPart.NAME: "x"}}

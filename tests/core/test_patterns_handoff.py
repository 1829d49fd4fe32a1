"""What a hand-off proposes, expects and remembers."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sync.patterns.handoff.pattern import Direction, Pattern, Score, Trend
from sync.patterns.handoff.proposal import propose
from sync.patterns.handoff.shown import one_line, shortened, shown_sentences
from sync.patterns.records.record import Record, RecordKind
from sync.patterns.remembering.expectation import CheckedExpectation, Expectation, ExpectationStanding
from sync.patterns.remembering.memory import MemoryUnreadable
from sync.patterns.remembering.registry import GivenHandoff, Promise, Registry, from_json, to_json

_Told = Callable[..., Record]
_COUNTS = st.integers(0, 60)


def _pattern(*members: Record) -> Pattern:
    return Pattern(
        id="P-0001",
        name="Feed timed out",
        terms=(),
        members=members,
        centre=members[0],
        runs=len(members),
        rate=1.0,
        first=None,
        last=None,
        severity=None,
        sections=(),
        tentative=False,
        mixed=False,
        score=Score(len(members), 1.0, 1.0),
        trend=Trend(Direction.NEW, 0, 0),
        worth_proposing=True,
    )


def test_the_proposal_is_what_most_logs_propose(told: _Told) -> None:
    """In the words of a log; what another log proposes instead is told beside it."""
    fixes = (
        "Set a time limit on calls",
        "Always set a time limit on calls.",
        "Buy a new printer for the shop!",
    )
    proposal = propose(
        _pattern(*(told(day, "Feed timed out", proposed_fix=fix) for day, fix in enumerate(fixes)))
    )
    assert proposal is not None
    assert proposal.sentence in {"Set a time limit on calls.", "Always set a time limit on calls."}
    assert proposal.source is not None
    assert proposal.others == ("Buy a new printer for the shop!",)


def test_without_a_proposal_of_a_log_a_careful_one_is_made(told: _Told) -> None:
    """It says that it comes from no log, and asks rather than decides where the contract is silent."""
    issue = propose(_pattern(told(1, "The feed timed out. Then all was well.", kind=RecordKind.ISSUE)))
    gap = propose(_pattern(told(1, "Nobody says who may replay mails", kind=RecordKind.GAP)))
    assert issue is not None
    assert gap is not None
    assert issue.source is gap.source is None
    assert issue.sentence.endswith("when it happens, log what helped: “The feed timed out”.")
    assert (
        gap.sentence
        == "Ask Jen before going on where the contract leaves this open: “Nobody says who may replay mails”."
    )
    asked = propose(_pattern(told(1, "Who may replay mails?", kind=RecordKind.GAP)))
    assert asked is not None
    assert asked.sentence.endswith("leaves this open: “Who may replay mails?”.")


def test_a_careful_rule_asks_jen_only_where_it_is_bad(told: _Told) -> None:
    """The less is asked of her the better; what helped in a mild trouble is the next proposal."""
    mild = _pattern(told(1, "The feed timed out", kind=RecordKind.ISSUE))
    bad = propose(replace(mild, score=Score(1, 4.0, 1.0)))
    assert bad is not None
    assert bad.sentence.endswith("stop and tell Jen: “The feed timed out”.")


@pytest.mark.parametrize(
    ("text", "is_vague"),
    [
        ("It broke again", True),
        ("Something went wrong", True),
        ("had to redo it", True),
        ("Same problem as yesterday", True),
        ("The import broke again", False),
        ("Something went wrong with the mails", False),
        ("Файл не был сохранён", False),
        ("Datei fehlt", False),
    ],
)
def test_what_says_nothing_is_asked_to_say_more(told: _Told, text: str, *, is_vague: bool) -> None:
    """A rule that quotes it would ask for nothing."""
    proposal = propose(_pattern(told(1, text, kind=RecordKind.ISSUE)))
    assert proposal is not None
    assert proposal.sentence.startswith("Say in each log what went wrong") is is_vague


@given(
    quotes=st.sampled_from(["“”", '""', "„“", "«»", "「」"]),
    words=st.lists(st.sampled_from(["mails", "were", "lost", "again"]), min_size=4, max_size=8),
    at=st.integers(0, 3),
)
def test_quotes_within_a_rule_are_single_ones(told: _Told, quotes: str, words: list[str], at: int) -> None:
    """A reader sees where what a log says begins and ends."""
    words[at] = f"{quotes[0]}{words[at]}{quotes[-1]}"
    proposal = propose(_pattern(told(1, " ".join(words), kind=RecordKind.ISSUE)))
    assert proposal is not None
    inside = proposal.sentence.partition("“")[2].removesuffix("”.")
    assert not set(inside) & set('“”„«»"')


@pytest.mark.parametrize(
    ("fix", "rule"),
    [
        (
            "Fixed: the sheet reads languages now. Always read the language first.",
            "Always read the language first.",
        ),
        ("The limit was raised. It is 60 now. Ask before a replay", "Ask before a replay."),
    ],
)
def test_of_a_fix_only_what_is_a_rule_is_proposed(told: _Told, fix: str, rule: str) -> None:
    """What was done is left out, and what says nothing without it."""
    proposal = propose(_pattern(told(1, "Feed timed out", proposed_fix=fix)))
    assert proposal is not None
    assert proposal.sentence == rule


@given(
    words=st.lists(
        st.sampled_from(["ask", "before", "a", "replay;", "then", "–", "wait:"]), min_size=2, max_size=20
    ),
    times=st.integers(1, 40),
)
@example(words=["before", "a", "replay;", "then", "ask"], times=20)
@example(words=["before", "a", "call"], times=40)
def test_a_rule_is_short(told: _Told, words: list[str], times: int) -> None:
    """However long the sentence is that a log proposes: it ends where a part of it ends, and is not cut."""
    fix = " ".join(["Ask Jen", *words * times])
    proposal = propose(_pattern(told(1, "The feed timed out", proposed_fix=fix)))
    assert proposal is not None
    assert len(proposal.sentence) <= 281
    assert "…" not in proposal.sentence
    if proposal.source is not None:
        assert fix.startswith(proposal.sentence.rstrip(".:;"))


@pytest.mark.parametrize("fix", ["TBD", "?", "We have updated the guide list.", "Retry."])
def test_what_is_no_rule_is_no_logs_proposal(told: _Told, fix: str) -> None:
    """Then a careful rule stands, and says that no log proposes one."""
    proposal = propose(_pattern(told(1, "The feed timed out", proposed_fix=fix)))
    assert proposal is not None
    assert proposal.source is None


@pytest.mark.parametrize(
    "text",
    [
        "failed (exit_code=1): /bin/bash -lc 'rg \"pytest\"'",
        "failed (exit_code=-1): bash -lc ls",
        "failed",
        "E1042",
        "UT-012: パラメータ名",
        "Login with [REDACTED:github-token] was refused",
        "Login with [REDACTED_TOKEN] was refused",
        "The mail to <EMAIL_1> came back",
        "The password *** was refused",
    ],
)
def test_what_makes_no_rule_is_not_made_one(told: _Told, text: str) -> None:
    """A command, a code or a hole where a secret was is nothing that a contract could say."""
    assert propose(_pattern(told(1, text), told(2, text))) is None


def test_a_rule_quotes_a_log_whose_words_can_be_read(told: _Told) -> None:
    """Where the most typical log has a hole, another one speaks."""
    proposal = propose(
        _pattern(told(1, "Login with [REDACTED:github-token] was refused"), told(2, "The login was refused"))
    )
    assert proposal is not None
    assert proposal.sentence.endswith("“The login was refused”.")


@given(
    mask=st.sampled_from(
        ["[REDACTED:github-token]", "[REDACTED]", "[redacted_token]", "<EMAIL_12>", "*****"]
    ),
    words=st.lists(st.sampled_from(["Rotate", "the", "key", "before", "it", "ends"]), max_size=6),
    place=st.integers(0, 6),
)
def test_no_mask_gets_into_a_rule(told: _Told, mask: str, words: list[str], place: int) -> None:
    """The sentence with the mask is left out; the others of a proposal stay."""
    words.insert(min(place, len(words)), mask)
    fix = f"Ask before a replay. {' '.join(words)}. Set a limit."
    proposal = propose(_pattern(told(1, "Feed timed out", proposed_fix=fix)))
    assert proposal is not None
    assert proposal.sentence == "Ask before a replay. Set a limit."
    alone = propose(_pattern(told(1, f"Use of {mask} failed", proposed_fix=f"Renew {mask} in time")))
    assert alone is None


@given(fix=st.text(max_size=600) | st.text("<!-> #`*\n", max_size=30))
def test_a_proposal_is_one_line_that_begins_no_block(told: _Told, fix: str) -> None:
    """Whatever a log proposes: no line break, nothing invisible, nothing that hides or begins a block."""
    proposal = propose(_pattern(told(1, "Feed timed out", proposed_fix=fix)))
    assert proposal is not None
    sentence = proposal.sentence
    assert sentence == one_line(sentence)
    assert sentence
    assert not sentence.startswith(("# ", "- ", "* ", "+ ", "> ", "```", "~~~"))
    assert "<!--" not in sentence


@given(text=st.text(max_size=300), longest=st.integers(1, 80))
def test_what_is_shown_is_short_and_visible(text: str, longest: int) -> None:
    """Cut text says so; what remains of it is the text itself."""
    cut = shortened(one_line(text), longest)
    assert len(cut) <= longest
    assert cut == one_line(text) or cut.endswith("…")
    assert "".join("".join(shown_sentences(text)).split()) == "".join(one_line(text).split())


@given(runs=_COUNTS, more=_COUNTS, after=_COUNTS, of=_COUNTS)
def test_an_expectation_can_be_checked(runs: int, more: int, after: int, of: int) -> None:
    """It is met or missed in the end, a miss stays one, and chance is a chance."""
    expected = Expectation(runs, runs + more)
    check = CheckedExpectation(expected, min(after, of), of)
    assert expected.at_most * 4 <= runs
    assert 0 <= check.chance <= 1
    if check.standing is ExpectationStanding.KEPT:
        assert of >= expected.of
    if check.standing is ExpectationStanding.MISSED:
        assert replace(check, runs=check.runs, of=min(of, expected.of)).standing is ExpectationStanding.MISSED
    if of < expected.of and check.runs <= expected.at_most:
        assert check.standing in {ExpectationStanding.ON_COURSE, ExpectationStanding.UNTRIED}


@pytest.mark.parametrize(
    ("check", "chance"),
    [
        (CheckedExpectation(Expectation(9, 50), 0, 50), 0.0013),
        (CheckedExpectation(Expectation(9, 50), 2, 50), 0.0256),
        (CheckedExpectation(Expectation(3, 10), 0, 10), 0.1053),
        (CheckedExpectation(Expectation(0, 10), 0, 10), 1.0),
    ],
)
def test_chance_is_fishers_exact_test(check: CheckedExpectation, chance: float) -> None:
    """One side: so few or fewer, when nothing has changed."""
    assert round(check.chance, 4) == chance


@given(
    told=st.dictionaries(
        st.from_regex(r"P-[0-9a-f]{4}", fullmatch=True), st.tuples(_COUNTS, _COUNTS), max_size=4
    ),
    name=st.text(max_size=20),
    changes=st.lists(st.text(max_size=20), max_size=3),
)
def test_a_registry_comes_back_from_json(
    told: dict[str, tuple[int, int]], name: str, changes: list[str]
) -> None:
    """Whatever it holds; the text is the same for the same."""
    promises = {pattern: Promise(name, Expectation(*counts), "hash", "") for pattern, counts in told.items()}
    registry = Registry(
        last=GivenHandoff("a.md", told, promises, tuple(changes)), before=GivenHandoff("b.md")
    )
    text = json.dumps(to_json(registry))
    back = from_json(json.loads(text))
    assert json.dumps(to_json(back)) == text
    assert back.last is not None
    assert dict(back.last.told) == told
    assert dict(back.last.promises) == promises


@pytest.mark.parametrize("value", [None, [], {}, {"format": 2}, {"format": 1, "memory": {}, "last": None}, 7])
def test_a_registry_of_another_shape_is_refused(value: object) -> None:
    """Nothing of it is guessed."""
    with pytest.raises(MemoryUnreadable):
        from_json(value)

"""A model's words in a hand-off: what it is asked about, and that they move nothing but words."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.contract.document import Document, Unreadable, read_contract
from sync.contract.patching import patched
from sync.names import LogPath
from sync.patterns.handoff.as_json import json_of
from sync.patterns.handoff.as_page import markdown_of
from sync.patterns.handoff.as_text import text_of
from sync.patterns.handoff.extraction import extract
from sync.patterns.handoff.handoff import Handoff, hand_off
from sync.patterns.handoff.worded import WordedPart
from sync.patterns.records.window import last
from sync.patterns.remembering.memory import Memory
from sync.patterns.remembering.registry import Registry
from sync.patterns.wording.phrasing import Phrasing
from sync.patterns.wording.question import WordingQuestion, prompt_of, questions
from sync.patterns.wording.rewording import reworded, with_sentence
from sync.tracelog.parsing.parser import parse

_QUOTES = ("The supplier feed timed out after 30 seconds while `fetch_all` read the catalogue.",)
_RULE = "Set a time limit of 30 seconds on every call of the supplier feed."
_CONTRACT = (
    b"# Contract\r\n\r\n## 1. Tool Usage Rules\r\n- Use tools with care.\r\n\r\n"
    b"## 2. Mail\r\nAsk first.\f\r\n\r\n## 3. Logging\r\nWrite logs."
)


def _log(number: int, text: str, *, section: str, fix: str) -> str:
    return (
        f"# Exception: e-{number}\n\n**Timestamp:** 2026-01-{number:02}T10:00:00Z\n**Severity:** error\n\n"
        f"## What Happened\n{text}\n\n## Root Cause\nUnknown\n\n## Contract Reference\n{section}\n\n"
        f"## Proposed Fix\n{fix}\n"
    )


def _contract() -> Document:
    contract = read_contract("contract.md", _CONTRACT)
    assert not isinstance(contract, Unreadable)
    return contract


def _handoff(*, named: str | None = None, top: int = 5, more: str = "") -> Handoff:
    feed = f"The supplier feed timed out while the catalogue was fetched{more}."
    mail = "Customers received the shipping mail twice after a replay."
    logs = [
        parse(text.encode(), LogPath(f"exceptions/2026-01-{number:02}-e.md"), zone=UTC)
        for number, text in enumerate(
            [
                *(_log(n, feed, section="Tool Usage Rules", fix=_RULE) for n in range(1, 5)),
                *(_log(n, mail, section="Mail", fix="Ask before a replay.") for n in range(5, 9)),
            ],
            1,
        )
    ]
    memory, window = Memory(), last(logs, 50)
    if named is not None:
        first = extract(window, memory)
        memory = first.memory.with_known(
            first.patterns[0].id, replace(first.memory.of(first.patterns[0].id), name=named)
        )
    return hand_off(
        extract(window, memory), before=Registry(memory), again=None, contract=_contract(), top=top
    )


def _asked(handoff: Handoff) -> tuple[WordingQuestion, ...]:
    return questions(handoff, clean=lambda text: text)


def _about(handoff: Handoff, word: str) -> WordingQuestion:
    return next(each for each in _asked(handoff) if word in each.quotes[0])


def _said(**parts: str) -> Phrasing:
    return {WordedPart(name): text for name, text in parts.items()}


def test_only_words_change() -> None:
    """Patterns, counts, ids, sections and the lines of the diff are as they were; the diff still applies."""
    handoff = _handoff()
    feed, mail = _about(handoff, "supplier"), _about(handoff, "shipping")
    done = reworded(
        handoff,
        _asked(handoff),
        {
            feed.pattern: _said(
                name="The supplier feed is too slow for the catalogue",
                proposal="Give every call of the supplier feed a time limit of 30 seconds",
                expected="It was in 4 of the last 8 runs; expect no more than 1 in the next 8",
            ),
            mail.pattern: _said(proposal="Ask Jen before a replay.", name="Bob got 7 mails"),
        },
    )
    assert set(done.changed) == {
        (feed.pattern, WordedPart.PROPOSAL),
        (feed.pattern, WordedPart.EXPECTED),
        (feed.pattern, WordedPart.NAME),
        (mail.pattern, WordedPart.PROPOSAL),
    }
    assert [(each.pattern, each.part) for each in done.unchanged] == [(mail.pattern, WordedPart.NAME)]
    before, after = dict(json_of(handoff)), dict(json_of(done.handoff))
    assert patched(_CONTRACT.decode(), str(after.pop("diff"))).count("\r\n- Give every call") == 1
    del before["diff"]
    for told in (before, after):
        for pattern in told["patterns"]:
            for part in WordedPart:
                del pattern[part]
    assert before == after
    assert done.handoff.given == handoff.given
    for told_by in (text_of, lambda told: markdown_of(told, {})):
        assert "expect no more than 1 in the next 8" in " ".join(
            told_by(done.handoff).replace("\\", "").split()
        )


def test_a_rule_that_would_go_elsewhere_is_refused() -> None:
    """Words so like another rule of the contract that they would take its place are not taken."""
    handoff = _handoff()
    feed = _about(handoff, "supplier")
    asked = [replace(feed, quotes=(*feed.quotes, "Use tools with care."))]
    done = reworded(handoff, asked, {feed.pattern: _said(proposal="Use tools with care.")})
    (unchanged,) = done.unchanged
    assert "elsewhere" in unchanged.why
    assert done.handoff == handoff


def test_a_pattern_without_a_change_has_only_its_name_worded() -> None:
    """There is nothing else of it to word."""
    handoff = _handoff(top=1)
    second = handoff.entries[1].pattern.id
    (question,) = [each for each in _asked(handoff) if each.pattern == second]
    assert [part for part, _ in question.parts] == [WordedPart.NAME]
    assert with_sentence(handoff, second, "Ask Jen before a replay.") is None


def test_what_a_person_named_keeps_its_name() -> None:
    """A model is not even asked."""
    handoff = _handoff(named="Slow feed")
    (named,) = [each for each in handoff.entries if each.pattern.name == "Slow feed"]
    (question,) = [each for each in _asked(handoff) if each.pattern == named.pattern.id]
    assert WordedPart.NAME not in dict(question.parts)


def test_a_question_holds_no_path_and_is_always_the_same() -> None:
    """Only ids, quotes and the sentences to word leave the machine."""
    prompt = prompt_of(_asked(_handoff()))
    assert prompt == prompt_of(_asked(_handoff()))
    assert ".md" not in prompt
    told = json.loads(prompt)
    assert {key for each in told for key in each} == {"id", "quotes", "name", "proposal", "expected"}


def test_what_was_made_of_a_text_with_something_personal_keeps_its_words() -> None:
    """A name is cut, and half a number would go unrecognised: neither it nor such a rule is asked about."""
    handoff = _handoff(more=" for +49 170 1234567")

    def clean(text: str) -> str:
        return text.replace("+49 170 1234567", "(PHONE)").replace("30 seconds", "(TIME)")

    asked = questions(handoff, clean=clean)
    (feed,) = [each for each in asked if "supplier" in each.quotes[0]]
    assert [part for part, _ in feed.parts] == [WordedPart.EXPECTED]
    (mail,) = [each for each in asked if "shipping" in each.quotes[0]]
    assert [part for part, _ in mail.parts] == [WordedPart.NAME, WordedPart.PROPOSAL, WordedPart.EXPECTED]


@pytest.mark.parametrize("length", range(80, 104))
def test_what_is_taken_out_is_taken_out_of_the_whole_quote(length: int) -> None:
    """Half a number at the end of a quote that is cut is a number that nobody has recognised."""
    handoff = _handoff(more=f" {'o' * length} +49 170 1234567 and more")
    prompt = prompt_of(questions(handoff, clean=lambda text: text.replace("+49 170 1234567", "(PHONE)")))
    assert "+49" not in prompt


_WORDS = st.sampled_from(
    [*" ".join((*_QUOTES, _RULE)).split(), "not", "never", "##", "60", "\n", "- x", "`", "P-1"]
)


@given(
    st.dictionaries(
        st.sampled_from(list(WordedPart)),
        st.one_of(st.text(max_size=80), st.lists(_WORDS, max_size=20).map(" ".join)),
    )
)
def test_whatever_is_answered_the_frame_holds(phrasing: Mapping[WordedPart, str]) -> None:
    """Each part is either as it was or passes; the diff applies and has the lines that it had."""
    handoff = _handoff()
    feed = _about(handoff, "supplier")
    done = reworded(handoff, [feed], {feed.pattern: phrasing}).handoff
    result = patched(_CONTRACT.decode(), done.diff)
    assert result.count("\n") == patched(_CONTRACT.decode(), handoff.diff).count("\n")
    assert [line for line in done.diff.split("\n") if line[:1] in {"@", " ", "-"}] == [
        line for line in handoff.diff.split("\n") if line[:1] in {"@", " ", "-"}
    ]
    assert [each.pattern.id for each in done.entries] == [each.pattern.id for each in handoff.entries]

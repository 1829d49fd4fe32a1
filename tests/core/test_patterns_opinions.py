"""What an auditor said stands beside its pattern, in every form of the hand-off, and changes nothing else."""

from dataclasses import replace
from datetime import UTC

import pytest
from markdown_it import MarkdownIt

from sync.names import LogPath
from sync.patterns.handoff.as_json import json_of
from sync.patterns.handoff.as_page import markdown_of
from sync.patterns.handoff.as_text import text_of
from sync.patterns.handoff.extraction import extract
from sync.patterns.handoff.handoff import Handoff, hand_off
from sync.patterns.handoff.shown import shortened
from sync.patterns.records.window import last
from sync.patterns.remembering.opinion import Audited, Mark, Opinion
from sync.patterns.remembering.registry import Registry
from sync.tracelog.parsing.parser import parse

_TROUBLES = (
    "The supplier feed timed out at night",
    "Customers received the shipping mail twice",
    "A spreadsheet formula dragged one row too far",
    "No space was left on the shared drive",
    "The printer in the shop was offline",
    "A translation was cut off in the middle",
    "The discount was applied to the wrong country",
    "Nobody had approved the deployment to prod",
)
_KEY = "exceptions/2026-01-01-a-b.md#5f2a90c1"


def _handed(registry: Registry) -> Handoff:
    """Hand over eight troubles, each of two runs: too few for a change."""
    logs = (
        parse(
            f"# Exception: t-{place}-{run}\n\n**Timestamp:** 2026-01-{1 + place * 2 + run:02}T10:00:00Z\n\n"
            f"## What Happened\n{trouble}\n\n## Root Cause\nNone\n".encode(),
            LogPath(f"exceptions/2026-01-{1 + place * 2 + run:02}-t.md"),
            zone=UTC,
        )
        for place, trouble in enumerate(_TROUBLES)
        for run in range(2)
    )
    return hand_off(
        extract(last(logs, 50), registry.memory), before=registry, again=None, contract=None, top=5
    )


def _with(registry: Registry, pattern: str, *opinions: Opinion) -> Registry:
    return replace(registry, audited=Audited(opinions={pattern: opinions}))


@pytest.mark.parametrize("place", [0, 7])
def test_an_opinion_is_told_wherever_its_pattern_stands(place: int) -> None:
    """Even of one that would only be counted; the path of what it points to is told, and its day."""
    quiet = _handed(Registry())
    pattern = quiet.entries[place].pattern.id
    said = Opinion(Mark.FAILS, "Two causes in one.", (_KEY,), "2026-01-16")
    told = _handed(_with(Registry(), pattern, said))
    sentence = (
        "Auditor, on the logs up to 2026-01-16: ✗ “Two causes in one.” (See exceptions/2026-01-01-a-b.md.)"
    )
    assert sentence in " ".join(text_of(told).split())
    assert f"({pattern})" in text_of(told)
    page = " ".join(token.content for token in MarkdownIt().parse(markdown_of(told, {})))
    assert sentence in page.replace("\\", "")
    audits = {each["id"]: each["audit"] for each in json_of(told)["patterns"] if "audit" in each}
    assert audits == {
        pattern: [
            {
                "verdict": "✗",
                "note": "Two causes in one.",
                "logs_until": "2026-01-16",
                "evidence": ["exceptions/2026-01-01-a-b.md"],
            }
        ]
    }
    assert told.diff == quiet.diff
    assert told.given == quiet.given


def test_an_opinion_on_another_pattern_changes_nothing() -> None:
    """Not a letter of what is told."""
    quiet, told = (
        _handed(Registry()),
        _handed(_with(Registry(), "P-0000", Opinion(Mark.HOLDS, "Fine.", (), ""))),
    )
    assert text_of(told) == text_of(quiet)
    assert markdown_of(told, {}) == markdown_of(quiet, {})
    assert json_of(told) == json_of(quiet)


def test_nothing_in_a_note_is_markup_on_the_page() -> None:
    """Neither a heading nor a link nor code."""
    pattern = _handed(Registry()).entries[0].pattern.id
    note = "# Sign [here](https://example.com) `now` <b>or</b> **never**"
    page = markdown_of(_handed(_with(Registry(), pattern, Opinion(Mark.DOUBTFUL, note, (), ""))), {})
    (inline,) = [token for token in MarkdownIt().parse(page) if token.content.startswith("Auditor")]
    assert {child.type for child in inline.children or ()} <= {"text", "text_special"}
    assert "".join(child.content for child in inline.children or ()) == f"Auditor: ⚠ “{note}”"


def test_a_text_in_a_script_without_blanks_keeps_its_beginning() -> None:
    """It has no words to cut between; one that has is cut there."""
    assert shortened("ERR 接続" + "が切れた" * 99, 40) == ("ERR 接続" + "が切れた" * 99)[:39] + "…"
    assert shortened("the feed timed out", 12) == "the feed…"

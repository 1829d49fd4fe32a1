"""An auditor's answer: whatever its form, what he says is understood or named as not understood."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.auditor.evidence import id_of
from sync.auditor.judging import LONGEST_NOTE, judge
from sync.auditor.reply import reply_of
from sync.auditor.reply_text import json_of, not_taken, text_of
from sync.patterns.remembering.memory import Known, Memory
from sync.patterns.remembering.opinion import Asked, Audited, Mark
from sync.patterns.remembering.registry import Registry, from_json, to_json

_KEY = "exceptions/2026-01-10-x.md#5f2a90c1"
_RECORD = id_of(_KEY)
_REGISTRY = Registry(
    memory=Memory(known={"P-7f3a": Known((_KEY,))}),
    audited=Audited(Asked({"P-7f3a": (_KEY,), "P-02bc": (_KEY,)}, (), "2026-01-12")),
)
_FINDING = {"pattern": "P-7f3a", "verdict": "⚠", "evidence": [_RECORD], "note": "Two causes in one."}
_LINE = json.dumps(_FINDING, ensure_ascii=False)
_MIXED = f"""\
Thank you. Here is my audit.

## Scope
I read ✓ all of P-7f3a and P-02bc.

## Findings
- ✓ **P-02bc**: sound, see {_RECORD}
  and its cause is met.
- ✅ all in all fine
- P-7f3a needs thought

```json
{_LINE}
```

| P-7f3a | ✗ | the diff repeats section 3 |

## Recommendation
Apply P-02bc first. ✓
"""


def _told(text: str) -> list[tuple[str, str, str]]:
    return [(each.pattern, str(each.mark), each.note) for each in reply_of(text).findings]


@pytest.mark.parametrize(
    "text",
    [
        _LINE,
        f"Sure, here it is:\n```json\n{_LINE}\n```\nAnything else?",
        f"- {_LINE},",
        f"1. `{_LINE}`",
        f"> {_LINE}",
        json.dumps(_FINDING, ensure_ascii=False, indent=2),
        json.dumps([_FINDING], indent=2),
        json.dumps({"scope": "all", "findings": [_FINDING]}),
        f"[{_LINE}, {_LINE}]",
        f"\ufeff{_LINE}\r\n",
        _LINE.replace('"', "“"),
        _LINE.replace("⚠", "⚠\ufe0f").replace("P-7f3a", "p-7F3A"),
        _LINE.replace('"verdict": "⚠"', '"Verdict": "warning"').replace('"pattern"', '"Pattern_ID"'),
        f"- ⚠ P-7f3a: Two causes in one. ({_RECORD})",
        f"* **P-7f3a** — ⚠️ — Two causes in one. Evidence: {_RECORD}",
        f"| P-7f3a | ⚠ | Two causes in one. | {_RECORD} |",
        f"### ⚠ P-7f3a\n\nTwo causes in one.\n\n{_RECORD}",
        f"### P-7f3a\n\n- ⚠ Two causes in one. {_RECORD}\n",
        f"**P-7f3a**\nVerdict: ⚠\n  Two causes in one. {_RECORD}\n",
    ],
)
def test_one_finding_is_understood_in_many_forms(text: str) -> None:
    """JSON alone, in prose, in lists, over lines; a line, a row, a heading of a human's."""
    (finding,) = reply_of(text).findings
    assert (finding.pattern, finding.mark) == ("P-7f3a", Mark.DOUBTFUL)
    assert finding.note.rstrip(".") == "Two causes in one"
    assert finding.records == (_RECORD,)
    assert reply_of(text).misunderstood == ()


def test_all_forms_may_stand_in_one_answer() -> None:
    """Scope and Recommendation are prose; every line that seems to be a finding and is none is named."""
    reply = reply_of(_MIXED)
    assert _told(_MIXED) == [
        ("P-02bc", "✓", "sound, see and its cause is met."),
        ("P-7f3a", "⚠", "Two causes in one."),
        ("P-7f3a", "✗", "the diff repeats section 3"),
    ]
    assert [(each.line, each.why) for each in reply.misunderstood] == [
        (9, "it has a verdict and names no pattern"),
        (10, "it names a pattern and has none of ✓ ⚠ ✗"),
    ]
    assert reply.recommendation == ("Apply P-02bc first. ✓",)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"pattern": "P-7f3a", "verdict": "perhaps"}', "its verdict is none of ✓ ⚠ ✗"),
        ('{"pattern": "P-7f3a", "verdict": "✓ or ✗"}', "its verdict is none of ✓ ⚠ ✗"),
        ('{"verdict": "✓", "note": "fine"}', "its JSON names no pattern"),
        ('{"pattern": "P-7f3a", "verdict": "✓', "it begins as JSON and cannot be read as such"),
        ("- ✓ or ✗ P-7f3a", "it has more than one of ✓ ⚠ ✗"),
        (
            '{"pattern": "P-7f3a", "verdict": "✓", "note": "What you found, and why."}',
            "it is the example of the question, and no answer",
        ),
    ],
)
def test_what_is_not_understood_is_named_with_its_line(text: str, why: str) -> None:
    """And nothing is made of it."""
    reply = reply_of(f"Hello\n\n{text}\n")
    assert reply.findings == ()
    assert [(each.line, each.why) for each in reply.misunderstood] == [(3, why)]


_hostile = st.lists(
    st.sampled_from(
        [
            _LINE,
            "{",
            "[{",
            '{"pattern": "P-7f3a",',
            '{"a":' * 50,
            "- ✓ P-7f3a",
            "### P-02bc",
            "✗",
            "P-ffff ✗ no such pattern",
            "\x1b[31m\u202e⚠ P-7f3a \x00",
            "## Findings",
            "## Scope",
            "**Recommendation:**",
            "```",
            f"{_RECORD} R-00000000",
            "",
        ]
    )
    | st.text(max_size=30),
    max_size=12,
).map("\n".join)


@given(_hostile)
def test_any_answer_is_read_and_a_second_time_changes_nothing(text: str) -> None:
    """Each finding is kept or said to be unknown; what is kept survives the registry's JSON."""
    reply = reply_of(text)
    result = judge(reply.findings, _REGISTRY)
    kept = len(result.kept) + len(result.unknown) + len(result.excess)
    assert kept == len(reply.findings)
    assert judge(reply.findings, result.registry).registry == result.registry
    assert from_json(json.loads(json.dumps(to_json(result.registry)))) == result.registry
    shown = f"{text_of(reply, result)}{''.join(not_taken(reply, result))}{json.dumps(json_of(reply, result))}"
    assert not any(sign in shown for sign in ("\x1b", "\u202e", "\x00"))
    assert all(each.line <= text.count("\n") + text.count("\r") + 1 for each in reply.findings)


def test_a_finding_decides_nothing_and_takes_the_place_of_the_last() -> None:
    """The memory stays, but for a pattern that no hand-off has told of: it keeps its id now."""
    first = judge(reply_of(_LINE).findings, _REGISTRY).registry
    assert first.memory == _REGISTRY.memory
    second = judge(reply_of("✓ P-7f3a\n✗ P-02bc").findings, first).registry
    assert [each.mark for each in second.opinions_on("P-7f3a")] == [Mark.HOLDS]
    assert second.memory.of("P-7f3a") == first.memory.of("P-7f3a")
    assert second.memory.of("P-02bc") == Known((_KEY,))


def test_evidence_that_is_not_there_is_said() -> None:
    """The finding is kept with what is there."""
    text = f"⚠ P-7f3a wrong {_RECORD} {_RECORD}-2 R-00000000"
    reply = reply_of(text)
    result = judge(reply.findings, _REGISTRY)
    assert result.kept[0].missing == ("R-00000000",)
    assert result.kept[0].opinion.evidence == (_KEY,)
    assert list(not_taken(reply, result)) == ["Line 1 is kept, but there is no record R-00000000"]


def test_what_an_auditor_writes_is_bounded_and_without_secrets() -> None:
    """However much he writes, and whatever somebody gave him to repeat."""
    secret = "ntn_4Tq8Zr1Wm6Xc9Vb2Nk5Lp7Hd3Js0Gf8Ya4Ue6Ri"
    findings = reply_of(
        "\n".join(f"✗ P-7f3a {number} {secret} {'long ' * 900}" for number in range(9))
    ).findings
    result = judge(findings, _REGISTRY)
    assert (len(result.kept), len(result.excess)) == (5, 4)
    assert all(len(each.opinion.note) <= LONGEST_NOTE for each in result.kept)
    assert all(each.opinion.note.endswith("…") for each in result.kept)
    assert secret not in json.dumps(to_json(result.registry))


def test_a_long_answer_takes_no_long_time() -> None:
    """A megabyte of what looks like the beginning of JSON, or of findings, is read in seconds."""
    for line in ('{"pattern": "P-7f3a", "verdict": [', "{" * 200, "- ✓ P-7f3a fine", "[{" * 400 + "\n"):
        reply = reply_of(f"{line}\n" * (1_000_000 // len(line)))
        assert len(reply.findings) <= 1


def test_a_registry_of_before_has_no_opinions() -> None:
    """Its JSON is as it was; one that holds opinions is read back as it is."""
    assert "audited" not in to_json(Registry())
    assert from_json(to_json(Registry())) == Registry()
    assert from_json(to_json(_REGISTRY)) == _REGISTRY

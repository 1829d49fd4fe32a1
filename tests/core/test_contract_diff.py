"""A change to the contract as a diff: it applies byte for byte, and changes only what was meant."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import contract
from patterns_contract import git_applied
from sync.contract.amendment import Amendment, ContractRule, Placed, SaidAlready, Unplaced, amend, says
from sync.contract.bullet import bullets
from sync.contract.document import Document, Unreadable, lines_of, read_contract
from sync.contract.edit import LineEdit, changed, in_whole_lines
from sync.contract.outline import outline
from sync.contract.patching import DoesNotApply, patched
from sync.contract.unified import unified

_LINE = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=6)
_NAMES = st.sampled_from(
    ["contract.md", "my contract.md", 'a "b"\\c.md', "tab\there.md", "Verträge – 日本.md"]
)


def _document(text: str, name: str = "contract.md") -> Document:
    document = read_contract(name, text.encode())
    assert isinstance(document, Document)
    return document


def _amended(text: str, *sentences: str, section: str) -> Amendment:
    document = _document(text)
    (found,) = [each for each in outline(document).sections if each.title == section]
    rules = [ContractRule(f"P-{index:04x}", found, sentence) for index, sentence in enumerate(sentences)]
    return amend(document, rules, is_secret=lambda text: "hunter2" in text)


@st.composite
def _edited(draw: st.DrawFn) -> tuple[str, list[LineEdit]]:
    """Draw a text of any line ends, and edits in it that do not overlap."""
    ends = st.sampled_from(draw(st.sampled_from([("\n",), ("\r\n",), ("\n", "\r\n")])))
    text = "".join(f"{line}{draw(ends)}" for line in draw(st.lists(_LINE, max_size=25))) + draw(_LINE)
    count = len(lines_of(text))
    edits, at = [], 0
    while at <= count and draw(st.booleans()):
        start = draw(st.integers(at, count))
        stop = draw(st.integers(start, min(count, start + 2)))
        new = tuple(draw(st.lists(_LINE, min_size=1, max_size=3)))
        edits.append(LineEdit(range(start, stop), new))
        at = stop + 1
    return text, edits


@given(edited=_edited())
def test_a_diff_says_exactly_what_was_changed(edited: tuple[str, list[LineEdit]]) -> None:
    """Any text, any edits: applied, the diff gives the very bytes, and what was not edited is untouched."""
    text, edits = edited
    lines = lines_of(text)
    assert "".join(lines) == text
    drawn = in_whole_lines(lines, edits)
    diff = unified("contract.md", lines, drawn)
    result = "".join(changed(lines, drawn))
    assert (diff == "") == (not edits)
    if diff:
        assert patched(text, diff) == result


@given(random=st.randoms(use_true_random=False), name=_NAMES, count=st.integers(1, 4))
def test_git_makes_of_a_contract_what_was_meant(random: Random, name: str, count: int) -> None:
    """CRLF, no final line end, form feeds, U+2028, fences, odd names: git apply gives the intended bytes."""
    document = _document(contract(random), name)
    sections = outline(document)
    rules = [
        ContractRule(f"P-{number:04x}", random.choice(sections.sections), _sentence(random, document, number))
        for number in range(count)
        if sections.sections
    ]
    amendment = amend(document, rules, is_secret=lambda _: False)
    assert {each.rule.tag for each in amendment.placements} == {rule.tag for rule in rules}
    if not amendment.diff:
        return
    text = "".join(document.lines)
    assert patched(text, amendment.diff) == amendment.result
    assert git_applied(name, text, amendment.diff) in {amendment.result, None}
    _assert_says_no_more(document, amendment)


def _sentence(random: Random, document: Document, number: int) -> str:
    """Return a rule that is new, or nearly one that the contract has."""
    sections = outline(document)
    told = [each.text for section in sections.sections for each in bullets(document, sections, section)]
    if told and random.random() < 0.5:
        return f"{random.choice(told)} Twice."
    return f"Rule number {number}: `ask` *first* <b>always</b> | [see](x) _here_."


def _assert_says_no_more(document: Document, amendment: Amendment) -> None:
    """Each placed rule stands in its section, once; headings and all other lines are as they were."""
    after = _document(amendment.result)
    before_sections, sections = outline(document), outline(after)
    assert [each.title for each in sections.sections] == [each.title for each in before_sections.sections]
    removed = 0
    for placement in amendment.placements:
        if isinstance(placement, Placed):
            section = sections.sections[placement.rule.section.index]
            here = [each for each in bullets(after, sections, section) if placement.rule.tag in each.text]
            assert len(here) == 1
            assert amendment.result.count(placement.rule.tag) == 1
            assert says(after, placement.rule.tag)
            removed += bool(placement.instead_of)
    lines = amendment.diff.split("\n")[2:]
    added = [line[1:].rstrip("\r") for line in lines if line.startswith("+")]
    gone = [line for line in lines if line.startswith("-") and line[1:].rstrip("\r") not in added]
    assert bool(gone) <= bool(removed)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# A\n- one\n- two\n\n# B\n", "# A\n- one\n- two\n- New. (P-0000)\n\n# B\n"),
        ("# A\n* one\n\n* two\n\n# B\n", "# A\n* one\n\n* two\n\n* New. (P-0000)\n\n# B\n"),
        ("# A\n1. one\n2. two\n", "# A\n1. one\n2. two\n3. New. (P-0000)\n"),
        ("# A\n1. one\n1. two\n", "# A\n1. one\n1. two\n1. New. (P-0000)\n"),
        ("# A\ntext", "# A\ntext\n\n- New. (P-0000)"),
        ("# A\r\ntext\r\n", "# A\r\ntext\r\n\r\n- New. (P-0000)\r\n"),
        ("# A\n## B\ntext\n", "# A\n\n- New. (P-0000)\n\n## B\ntext\n"),
        ("# A\ntext\n\n---\n\n# B\n", "# A\ntext\n\n- New. (P-0000)\n\n---\n\n# B\n"),
        ("# A\n```\n# B\n```\n", "# A\n```\n# B\n```\n\n- New. (P-0000)\n"),
        ("# A\n- one\n  - deep\n", "# A\n- one\n  - deep\n- New. (P-0000)\n"),
        (
            "# A\n- one\n\n| Version | Date |\n|---|---|\n| 1 | x |\n",
            "# A\n- one\n- New. (P-0000)\n\n| Version | Date |\n|---|---|\n| 1 | x |\n",
        ),
        (
            "# A\n\n| Tool | Limit |\n|---|---|\n| version | 1 |\n",
            "# A\n\n| Tool | Limit |\n|---|---|\n| version | 1 |\n\n- New. (P-0000)\n",
        ),
        ("# A\n\n<!-- end -->\n\n# B\n- b\n", "# A\n\n- New. (P-0000)\n\n<!-- end -->\n\n# B\n- b\n"),
    ],
)
def test_a_rule_goes_where_a_person_would_write_it(before: str, after: str) -> None:
    """At the end of its section, in the list that is there and as that list is written."""
    assert _amended(before, "New.", section="A").result == after


def test_a_rule_that_says_nearly_the_same_is_replaced() -> None:
    """Two rules for one thing would be one too many."""
    amendment = _amended(
        "# A\n- Retry a failed call 3 times.\n- Other.\n", "Retry a failed call 5 times.", section="A"
    )
    assert amendment.result == "# A\n- Retry a failed call 5 times. (P-0000)\n- Other.\n"
    (placed,) = amendment.placements
    assert isinstance(placed, Placed)
    assert placed.instead_of == "Retry a failed call 3 times."


def test_a_rule_that_several_patterns_ask_for_is_written_once() -> None:
    """With the tag of each, so that each is known to be in the contract afterwards."""
    amendment = _amended("# A\n- one\n", "Ask first.", "**Ask** first!", section="A")
    assert amendment.result == "# A\n- one\n- Ask first. (P-0000) (P-0001)\n"
    assert all(isinstance(each, Placed) for each in amendment.placements)


def test_what_the_contract_says_already_needs_no_diff() -> None:
    """It is told where it stands."""
    amendment = _amended("# A\n- **Ask** first!\n", "Ask first.", section="A")
    assert amendment.diff == ""
    (said,) = amendment.placements
    assert isinstance(said, SaidAlready)
    assert said.line == 2


@pytest.mark.parametrize("said", ["Ask, when in doubt.", "Always ask if in doubt"])
def test_words_that_ask_for_nothing_else_make_no_other_rule(said: str) -> None:
    """To write a rule down once more for an if or a when helps nobody."""
    amendment = _amended(f"# A\n- {said}\n", "Ask if in doubt.", section="A")
    assert amendment.diff == ""
    assert isinstance(amendment.placements[0], SaidAlready)


def test_what_the_contract_says_in_the_words_of_another_log_is_said() -> None:
    """The rule of most logs is not added beside it."""
    document = _document("# A\n- one\n- Load the glossary before translating.\n")
    (section,) = outline(document).sections
    rule = ContractRule(
        "P-0000", section, "First of all, the glossary.", ("Load the glossary before translating",)
    )
    amendment = amend(document, [rule], is_secret=lambda _: False)
    assert amendment.diff == ""
    assert amendment.placements == (SaidAlready(rule, 3),)


def test_no_secret_of_the_contract_is_shown() -> None:
    """Neither in the lines around; the rules that stand elsewhere keep their diff."""
    amendment = _amended("# A\npassword hunter2\n", "New.", section="A")
    assert amendment.diff == ""
    (unplaced,) = amendment.placements
    assert isinstance(unplaced, Unplaced)
    assert "secret" in unplaced.why


@pytest.mark.parametrize("text", ["# A\n```\nopen to the end\n", "# A\n<pre>\n\nopen\n"])
def test_nothing_is_written_where_it_would_be_no_rule(text: str) -> None:
    """Such as behind a fence that nobody closed."""
    amendment = _amended(text, "New.", section="A")
    assert (amendment.diff == "") == isinstance(amendment.placements[0], Unplaced)


@pytest.mark.parametrize("content", [b"\xff\xfe#\0", "# Grüße".encode("latin-1"), b"a\0b"])
def test_what_is_no_text_is_refused_with_a_way_out(content: bytes) -> None:
    """A diff against bytes that cannot be shown would not apply."""
    refused = read_contract("contract.md", content)
    assert isinstance(refused, Unreadable)
    assert "UTF-8" in refused.hint


@pytest.mark.parametrize(
    "diff",
    [
        "--- a/x\n+++ b/x\n@@ -1,1 +1,1 @@\n-other\n+new\n",
        "--- a/x\n+++ b/x\n@@ -2,1 +2,1 @@\n-one\n+new\n",
        "--- a/x\n+++ b/x\n@@ -1,2 +1,1 @@\n-one\n+new\n",
        "--- a/x\n+++ b/x\n@@ -1,1 +3,1 @@\n-one\n+new\n",
        "--- a/x\n+++ b/x\n@@ -1,1 +1,1 @@\n?one\n+new\n",
        "@@ -1,1 +1,1 @@\n-one\n+new\n",
    ],
)
def test_the_checker_refuses_what_git_refuses(diff: str) -> None:
    """It is no second opinion if it says yes to everything."""
    with pytest.raises(DoesNotApply):
        patched("one\ntwo\n", diff)

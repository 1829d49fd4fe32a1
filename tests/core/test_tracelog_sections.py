"""What the sections of a log say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.tracelog.model import Outcome, SectionName, Tool
from tests.worlds.reading import read


@pytest.mark.parametrize(
    "heading",
    [
        "## Outcome",
        "## OUTCOME:",
        "## **Outcome**",
        "## ✅ Outcome ##",
        "Outcome\n-------",
        "Outcome\n---",
        "# Outcome",
        "### outcome",
    ],
)
def test_section_is_found_under_each_heading(heading: str) -> None:
    """Case, markup, signs, underlining and a consistent other level do not hide a section."""
    assert read(f"{heading}\nFailed\n").outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "text",
    [
        "```\n## Outcome\nFailed\n```",
        "> ## Outcome\n> Failed",
        "- ## Outcome\n  Failed",
        "## Task\n\n### Outcome\nFailed",
        "## Outcomes\nFailed",
        "#Outcome\nFailed",
    ],
)
def test_other_headings_are_no_sections(text: str) -> None:
    """Headings in code, quotes and lists, and deeper ones beside real sections, begin no section."""
    assert read(text).section(SectionName.OUTCOME) is None


def test_sections_keep_order_repetitions_and_text() -> None:
    """All second-level sections are kept as written; the first of a name counts."""
    log = read(
        "# Execution Log: T\n\n## Issues\nNone\n\n### Deeper\nx\n## Mine\n\n`a`\n\n## Issues\n- b\n\n# Top\nc"
    )

    assert [(section.heading, section.text, section.line) for section in log.sections] == [
        ("Issues", "None\n\n### Deeper\nx", 3),
        ("Mine", "`a`", 8),
        ("Issues", "- b", 12),
        ("Top", "c", 15),
    ]
    assert log.section(SectionName.ISSUES) == log.sections[0]
    assert log.has_issues


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Success", Outcome.SUCCESS),
        ("[Success]", Outcome.SUCCESS),
        ("**Success**", Outcome.SUCCESS),
        ("`FAILED`.", Outcome.FAILED),
        ("✅ Success - all tests pass", Outcome.SUCCESS),
        ("- partial: two of three", Outcome.PARTIAL),
        ("Success。", Outcome.SUCCESS),
        ("Success\n---", Outcome.SUCCESS),
        ("```\nFailed\n```", Outcome.FAILED),
        ("\n\n### Success\n", Outcome.SUCCESS),
        ("- [x] Success", Outcome.SUCCESS),
        ("Partially", None),
        ("Successful", None),
        ("Success-rate 40 %", None),
        ("All tests: Success", None),
        ("Success | Partial | Failed", None),
        ("", None),
    ],
)
def test_outcome_is_the_first_word(text: str, outcome: Outcome | None) -> None:
    """The first word of the section decides; a word that only begins like one does not."""
    assert read(f"## Outcome\n{text}\n\n## Issues\nNone\n").outcome is outcome


@pytest.mark.parametrize(
    "text", ["None", "none.", "[None]", "**None**", "- None", "N/A", "n/a.", "", "  ", "None\n\n---", "-"]
)
def test_none_is_no_issue_and_no_gap(text: str) -> None:
    """Each way of writing that there is nothing is read as nothing."""
    log = read(f"## Issues\n{text}\n\n## Contract Gaps\n{text}\n")

    assert (log.has_issues, log.has_contract_gap) == (False, False)


@pytest.mark.parametrize(
    "text", ["None, but it was slow", "- a", "Nonesuch", "```\nx\n```", "| a |\n|---|\n| b |", "0"]
)
def test_anything_else_is_an_issue_and_a_gap(text: str) -> None:
    """Whatever else stands in the section counts."""
    log = read(f"## Issues\n{text}\n\n## Contract Gaps\n{text}\n")

    assert (log.has_issues, log.has_contract_gap) == (True, True)


@pytest.mark.parametrize(("text", "gap"), [("Section 4", True), ("None", False), ("N/A", False), ("", False)])
def test_exception_has_a_gap_when_it_names_a_reference(text: str, *, gap: bool) -> None:
    """An exception always has an issue; it has a contract gap when it refers to the contract."""
    log = read(f"# Exception: E\n\n## Contract Reference\n{text}\n")

    assert (log.has_issues, log.has_contract_gap) == (True, gap)


@pytest.mark.parametrize(
    ("bullets", "tools"),
    [
        ("- Read: 3 files", [Tool("Read", "3 files")]),
        ("- **Read:** 3 files\n* `Bash`: ok", [Tool("Read", "3 files"), Tool("Bash", "ok")]),
        ("- **Read**: 3 files", [Tool("Read", "3 files")]),
        ("- `npm run test:unit a: b`: ok", [Tool("npm run test:unit a: b", "ok")]),
        ("- npm:test: ok", [Tool("npm:test", "ok")]),
        ("- Read：3 files", [Tool("Read", "3 files")]),
        ("- Read — 3 files", [Tool("Read", "3 files")]),
        ("- Read-only pass", [Tool("Read-only pass", "")]),
        ("- Write\n  **Parameters**:\n  - `path`: x\n    - deeper: y", [Tool("Write", "")]),
        ("- Bash: first\n  second\n\n  third", [Tool("Bash", "first second")]),
        ("- Bash:\n  ok", [Tool("Bash", "ok")]),
        ("1. Read: a\n2. Read: b", [Tool("Read", "a"), Tool("Read", "b")]),
        ("- [x] Read: a", [Tool("Read", "a")]),
        ("text\n\n- Read\n\ntext\n\n- Edit", [Tool("Read", ""), Tool("Edit", "")]),
        ("- see https://e.org/a: ok", [Tool("see https://e.org/a", "ok")]),
        ("- failed (exit_code=1): `ls`", [Tool("failed (exit_code=1)", "ls")]),
        ("-\n- ```\n  x\n  ```", []),
        ("- Tool 1: [result summary]\n- Tool 2: done", [Tool("Tool 2", "done")]),
        ("- : nothing\n- Read: a", [Tool("Read", "a")]),
        ("> - Read: a", []),
        ("None", []),
    ],
)
def test_tools_are_the_top_bullets(bullets: str, tools: list[Tool]) -> None:
    """Each top-level bullet is one tool; what is nested belongs to it; colons in code do not split."""
    assert list(read(f"## Tools Used\n{bullets}\n\n## Outcome\nSuccess\n").tools) == tools


@given(
    names=st.lists(st.from_regex(r"[A-Za-z]{1,12}", fullmatch=True), min_size=1, max_size=6),
    result=st.from_regex(r"[a-z]{1,8}( [a-z]{1,8}){0,3}", fullmatch=True),
)
def test_written_tools_come_back(names: list[str], result: str) -> None:
    """The tools that a log is written with are read, in order, repetitions included."""
    bullets = "\n".join(f"- {name}: {result}" for name in names)

    assert read(f"## Tools Used\n{bullets}\n").tools == tuple(Tool(name, result) for name in names)


def test_template_text_quoted_in_code_is_not_warned_of() -> None:
    """A log may speak about the template."""
    log = read("## Task\n```\n[Brief description]\n```\n")

    assert "template-text" not in {warning.rule for warning in log.warnings}

"""Which section a log means: found when it is sure, refused when it is not."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import contract
from figures import Figure
from patterns_contract import figures
from sync.contract.document import Document, read_contract
from sync.contract.naming import words
from sync.contract.outline import outline
from sync.contract.resolve import FoundSection, Resolution, Unresolved, mentioned_in, resolver

_TEXT = """---
aliases:
  Missing Criticals Fallback: [criticals, "the three questions"]
  Logging:
    - traces
    - 'log format'
---
# Claude Contract v2

## 1. Contract Loading Protocol
## 2. Missing Criticals Fallback
### 2.1 Asking
## 3. Self-Test Gate (mandatory)
## 4. Tool Usage Rules
### 4.1 Retries
### 4.2 Escalation
## 5. Cost Guardrails
### Escalation
## 6. Logging
## Rule 7: Hand-offs
```
## 8. Not a section
```
> ## 9. Quoted
<!--
## 10. Hidden
-->
Version History
---
"""


def _document(text: str) -> Document:
    document = read_contract("contract.md", text.encode())
    assert isinstance(document, Document)
    return document


@pytest.fixture(scope="module")
def resolve() -> Callable[[str], Resolution]:
    """Give the resolver of a contract of all kinds of headings."""
    return resolver(outline(_document(_TEXT)))


def test_only_what_a_reader_sees_as_a_heading_is_a_section() -> None:
    """Nothing within code, quotes, comments and front matter."""
    assert [section.title for section in outline(_document(_TEXT)).sections] == [
        *(
            "Claude Contract v2",
            "1. Contract Loading Protocol",
            "2. Missing Criticals Fallback",
            "2.1 Asking",
        ),
        *("3. Self-Test Gate (mandatory)", "4. Tool Usage Rules", "4.1 Retries", "4.2 Escalation"),
        *("5. Cost Guardrails", "Escalation", "6. Logging", "Rule 7: Hand-offs", "Version History"),
    ]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Missing Criticals Fallback", "2. Missing Criticals Fallback"),
        ("§2", "2. Missing Criticals Fallback"),
        ("Section 2 – Missing Criticals Fallback", "2. Missing Criticals Fallback"),
        ("2. missing criticals fallback", "2. Missing Criticals Fallback"),
        ("Claude contract, §2 (Missing Criticals Fallback)", "2. Missing Criticals Fallback"),
        ("contract.md#2-missing-criticals-fallback", "2. Missing Criticals Fallback"),
        ("[the fallback](contract.md#2-missing-criticals-fallback)", "2. Missing Criticals Fallback"),
        ("missing-criticals-fallback", "2. Missing Criticals Fallback"),
        ("Mising Critcals Falback", "2. Missing Criticals Fallback"),
        ("the three questions", "2. Missing Criticals Fallback"),
        ("Self-Test Gate", "3. Self-Test Gate (mandatory)"),
        ("Selftest Gate", "3. Self-Test Gate (mandatory)"),
        (
            "Self-Test Gate: all tests must pass, but nothing is said of flaky ones",
            "3. Self-Test Gate (mandatory)",
        ),
        ("Tool Usage Rules > Retries", "4.1 Retries"),
        ("Tool Usage Rules > Escalation", "4.2 Escalation"),
        ("Cost Guardrails > Escalation", "Escalation"),
        ("The Cost Guardrails do not say who pays for a second attempt", "5. Cost Guardrails"),
        ("Logging", "6. Logging"),
        ("Logging does not say where the log of a failed log goes", "6. Logging"),
        ("log format", "6. Logging"),
        ("Hand-offs", "Rule 7: Hand-offs"),
        ("Rule 7", "Rule 7: Hand-offs"),
        ("§9 Logging", "6. Logging"),
    ],
)
def test_what_is_clearly_meant_is_found(
    resolve: Callable[[str], Resolution], written: str, title: str
) -> None:
    """However it is written: by name, number, address, path, alias, in a sentence, with a slip of the pen."""
    found = resolve(written)
    assert isinstance(found, FoundSection), found
    assert found.section.title == title


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("Cost", 0),
        ("§2 Cost Guardrails", 2),
        ("Sections 2 and 5", 2),
        ("Cost Guardrails, Logging", 2),
        ("Missing Guardrails Protocol", 2),
        ("Parental Leave", 0),
        ("§12", 0),
        ("the logging of a failed call was missing, so nobody saw it", 0),
        ("Not a section", 0),
        ("?", 0),
    ],
)
def test_what_is_not_sure_is_refused(resolve: Callable[[str], Resolution], written: str, near: int) -> None:
    """Two of that name, number and words that disagree, several at once, none; with what comes near."""
    refused = resolve(written)
    assert isinstance(refused, Unresolved), refused
    assert refused.why
    assert len(refused.nearest) >= near


def test_a_sentence_about_something_else_mentions_a_section_only_by_its_full_name() -> None:
    """An everyday word that is a heading, too, is no mention."""
    sections = outline(_document(_TEXT))
    mention = mentioned_in(
        sections, "It is unclear whether the Self-Test Gate holds for mails that were sent by hand."
    )
    assert mention is not None
    assert mention.title == "3. Self-Test Gate (mandatory)"
    assert mentioned_in(sections, "logging and retries were slow, escalation too") is None
    assert mentioned_in(sections, "Tool Usage Rules and Cost Guardrails disagree") is None


def test_a_title_is_itself_before_it_is_a_part_of_another() -> None:
    """What is written exactly as one heading means that one, whatever others are called without a number."""
    sections = outline(_document("# Logging\n# 1. Logging\n"))
    assert resolver(sections)("Logging") == FoundSection(sections.sections[0], "name")
    assert resolver(sections)("1. Logging") == FoundSection(sections.sections[1], "name")


def test_two_sections_of_one_title_are_told_apart_only_by_their_path() -> None:
    """The title alone is refused, with both."""
    sections = outline(_document("# Calls\n## Limits\n# Costs\n## Limits\n"))
    calls, costs = sections.sections[1], sections.sections[3]
    assert resolver(sections)("Limits") == Unresolved("it may be one of 2 sections", (calls, costs))
    assert resolver(sections)("Costs > Limits") == FoundSection(costs, "path")


def test_a_contract_without_headings_has_no_section() -> None:
    """It is refused, and there is nothing near."""
    assert resolver(outline(_document("Just a sentence.\n")))("Logging") == Unresolved(
        "the contract has no headings", ()
    )


@given(random=st.randoms(use_true_random=False))
def test_every_heading_is_found_by_its_own_words(random: Random) -> None:
    """Whatever the contract: a name that only one section has leads to that section."""
    sections = outline(_document(contract(random)))
    resolve_it = resolver(sections)
    names = [words(section.bare_title) for section in sections.sections]
    for section in sections.sections:
        if words(section.title) and names.count(words(section.bare_title)) == 1:
            for written in (section.title, f"§ {section.title}", f"contract.md#{section.slug}"):
                assert resolve_it(written) == FoundSection(section, by=getattr(resolve_it(written), "by", ""))


def test_the_measurement_clears_its_bars() -> None:
    """The wrong section at most once in two hundred, whatever the noise; exact references always right."""
    made = [_document(contract(Random(seed))) for seed in range(40)]  # noqa: S311 - no secret
    found: list[Figure] = list(figures(made, Random(7)))  # noqa: S311 - same
    assert [figure for figure in found if figure.clears_bar is False] == []

"""The section that a pattern belongs to: what most of its logs name, or none."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

import pytest

from sync.contract.document import Document, read_contract
from sync.contract.outline import ContractSection, outline
from sync.contract.resolve import Unresolved, resolver
from sync.patterns.handoff.pattern import Pattern
from sync.patterns.handoff.section_vote import vote
from sync.patterns.records.record import Record

_Told = Callable[..., Record]
_TEXT = """# Contract
## Self-Test Gate
### Limits
## Cost Guardrails
### Limits
## PD-2: Quality Gates
"""


def _voted(text: str, *members: Record) -> str | Unresolved:
    """Return how a person calls the section that was voted for."""
    document = read_contract("contract.md", text.encode())
    assert isinstance(document, Document)
    sections = outline(document)
    pattern = cast("Pattern", SimpleNamespace(members=members, name="Tests were slow", centre=members[0]))
    found = vote(pattern, sections, resolver(sections))
    return sections.named(found) if isinstance(found, ContractSection) else found


@pytest.mark.parametrize(
    ("references", "section"),
    [
        (["Self-Test Gate", "the self-test gate", "Cost Guardrails"], "Self-Test Gate"),
        (["Self-Test Gate", "", ""], "Self-Test Gate"),
        (["Cost Guardrails > Limits"], "Contract > Cost Guardrails > Limits"),
        (["PD-2"], "PD-2: Quality Gates"),
        (["Quality Gates"], "PD-2: Quality Gates"),
    ],
)
def test_most_logs_decide(told: _Told, references: list[str], section: str) -> None:
    """Those that name none have no vote; a name that two sections bear is told with those above it."""
    members = [told(day, "Tests were slow", reference=each) for day, each in enumerate(references)]
    assert _voted(_TEXT, *members) == section


@pytest.mark.parametrize(
    ("references", "why"),
    [
        (["Self-Test Gate", "Cost Guardrails"], "the logs name different sections"),
        (["Self-Test Gate", "nowhere", "anywhere"], "too few of the logs name the same section"),
        (["nowhere", "nowhere"], "no section has the name that the logs give"),
        (["", ""], "no log names a section of the contract"),
    ],
)
def test_without_a_majority_it_is_unplaced(told: _Told, references: list[str], why: str) -> None:
    """With the two sections that come nearest."""
    members = [told(day, "The self-test was slow", reference=each) for day, each in enumerate(references)]
    refused = _voted(_TEXT, *members)
    assert isinstance(refused, Unresolved)
    assert refused.why == why
    assert len(refused.nearest) == 2
    assert refused.nearest[0].title == "Self-Test Gate"


def test_a_log_has_one_vote_however_often_it_tells_of_it(told: _Told) -> None:
    """Three lines of one log do not outvote two other logs."""
    loud = [told(0, f"Tests were slow {line}", line=line, reference="Cost Guardrails") for line in (3, 4, 5)]
    others = [told(day, "Tests were slow", reference="Self-Test Gate") for day in (1, 2)]
    assert _voted(_TEXT, *loud, *others) == "Self-Test Gate"


def test_a_log_without_a_reference_may_mention_the_section(told: _Told) -> None:
    """By its full name, in what it tells."""
    member = told(1, "Nothing in Cost Guardrails says who pays for a second attempt")
    assert _voted(_TEXT, member) == "Cost Guardrails"


def test_a_contract_without_headings_is_no_place(told: _Told) -> None:
    """And there is nothing near."""
    assert _voted("Only text.\n", told(1, "x", reference="Logging")) == Unresolved(
        "the contract has no headings", ()
    )

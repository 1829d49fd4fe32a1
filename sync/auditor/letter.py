"""Write `audit.md`, the text of a bundle for the auditor to read."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sync.amounts import counted
from sync.auditor.case import CONTRACT, AuditQuestion, Case
from sync.auditor.letter_sections import LONGEST_SENTENCE, DetailLevel, alone_section, fenced, section
from sync.auditor.letter_wording import (
    ALONE,
    ANSWER,
    DATA,
    EXAMPLE,
    GLOSSARY,
    NOTHING,
    QUESTIONS,
    SCOPE,
    STATE,
    TAG,
    VERDICTS,
)
from sync.patterns.handoff.as_text import fence
from sync.patterns.handoff.shown import shortened
from sync.patterns.handoff.telling import checked

LARGEST: Final = 1_000_000
"""The size limit in bytes: outside readers split longer files."""

_NAMED: Final = 20


_DETAILS: Final = (
    DetailLevel(patterns=500, records=60, letters=1_000, document=250_000),
    DetailLevel(patterns=300, records=12, letters=400, document=250_000),
    DetailLevel(patterns=200, records=4, letters=200, document=100_000),
    DetailLevel(patterns=40, records=2, letters=120, document=50_000),
    DetailLevel(patterns=12, records=1, letters=120, document=0),
)
"""From the fullest to the shortest, which is below the size limit for any logs."""


@dataclass(frozen=True, slots=True)
class Letter:
    """The text, and whether it was shortened, so that some is only in the other files."""

    text: str
    is_shortened: bool


def letter_of(case: Case) -> Letter:
    """Write the letter as full as the size limit allows."""
    for detail in _DETAILS:
        left_out = tuple(_left_out(case, detail))
        text = "\n\n".join(_parts(case, detail, left_out)) + "\n"
        if len(text.encode()) < LARGEST:
            break
    return Letter(text, bool(left_out))


def _left_out(case: Case, detail: DetailLevel) -> Iterator[str]:
    """Yield sentences on what the letter does not contain."""
    shown = case.questions[: detail.patterns]
    if len(shown) < len(case.questions):
        yield f"Only the {detail.patterns} weightiest of {len(case.questions)} patterns have a section here."
    records = sum(min(detail.records, len(each.evidence)) for each in shown)
    records += min(detail.patterns, len(case.alone))
    if records < len(case.evidence):
        yield f"{records} of {counted(len(case.evidence), 'record')} are quoted here."
    if any(max(len(each.record.text), len(each.record.cause)) > detail.letters for each in case.evidence):
        yield f"Quotes are cut after {detail.letters} letters, with “…” at the end."
    for name, text in (("contract", _contract(case)), ("diff", case.diff)):
        if len(text.encode()) > detail.document:
            yield f"The {name} is too long to be quoted here."


def _parts(case: Case, detail: DetailLevel, left_out: Sequence[str]) -> Iterator[str]:
    shown = case.questions[: detail.patterns]
    yield f"{TAG}\n{STATE}"
    yield "# Audit: what keeps breaking, and what is proposed about it"
    yield f"## Scope\n\n{SCOPE}\n\n{_what_was_read(case)}"
    yield DATA
    if left_out:
        yield f"**This text is shortened.** {' '.join(left_out)} `records.jsonl` has every record whole."
    yield f"## Glossary\n\n{GLOSSARY}"
    if shown:
        yield f"## Counts\n\n{_table(shown)}"
    for question in shown:
        yield from section(question, detail)
    if case.alone:
        yield from alone_section(case.alone, detail)
    yield from _checked(case)
    yield from _documents(case, detail)
    yield from _task(case)


def _task(case: Case) -> Iterator[str]:
    """Yield the auditor's task, or a note that there is nothing to judge."""
    if not case.questions:
        yield f"## Questions for you\n\n{ALONE}" if case.alone else f"## Nothing to audit\n\n{NOTHING}"
        return
    if doubts := list(_open_questions(case)):
        yield "## Open questions\n\n" + "\n".join(f"- {each}" for each in doubts)
    yield f"## Questions for you\n\n{QUESTIONS}"
    yield from _answer_form(case.questions[0])


def _what_was_read(case: Case) -> str:
    window, extraction = case.handoff.extraction.window, case.handoff.extraction
    span = f", {window.first.date()} to {window.last.date()}" if window.first and window.last else ""
    return (
        f"Read: {counted(window.runs, 'run')}{span}, with {counted(extraction.records, 'record')} of trouble "
        f"and {counted(len(case.questions), 'pattern')} in them. No model took part."
    )


def _table(questions: Sequence[AuditQuestion]) -> str:
    lines = ["| pattern | records | runs | per 100 runs | first | last | at worst | rank | change |"]
    lines.append("|---|--:|--:|--:|---|---|---|--:|---|")
    for each in questions:
        pattern = each.pattern
        first, last = (str(day.date()) if day else "" for day in (pattern.first, pattern.last))
        lines.append(
            f"| {pattern.id} | {len(pattern.members)} | {pattern.runs} | {pattern.rate:g} | {first} | {last} "
            f"| {pattern.severity or ''} | {pattern.score.total:.1f} | {_state(each)} |"
        )
    return "\n".join(lines)


def _state(question: AuditQuestion) -> str:
    if question.pattern.mixed:
        return "none (mixed)"
    if question.change is None:
        return "none"
    return "in the diff" if question.change.in_diff else "not in the diff"


def _checked(case: Case) -> Iterator[str]:
    if not case.handoff.checks:
        return
    yield "## What became of earlier changes"
    yield fenced(
        [
            f"{kept.pattern} {shortened(case.disguise.hide(' '.join(checked(kept))), LONGEST_SENTENCE)}"
            for kept in case.handoff.checks[:_NAMED]
        ]
    )


def _documents(case: Case, detail: DetailLevel) -> Iterator[str]:
    contract = _contract(case)
    if not contract:
        return
    for title, text, name in (
        ("Proposed diff", case.diff, "proposal.diff"),
        ("Contract as it is", contract, CONTRACT),
    ):
        if text and len(text.encode()) <= detail.document:
            closed_by = fence(text)
            body = text if text.endswith("\n") else f"{text}\n"
            yield f"## {title}\n\n{closed_by}data\n{body}{closed_by}"
        else:
            yield f"## {title}\n\n{f'It is in `{name}`.' if text else 'There is none.'}"


def _open_questions(case: Case) -> Iterator[str]:
    """Yield the open questions of the program itself."""
    found = case.handoff.extraction
    if found.tentative:
        yield f"With {counted(found.records, 'record')} all groups are tentative."
    if mixed := [each.pattern.id for each in case.questions if each.pattern.mixed]:
        yield f"Is more than one trouble in {_listed(mixed)}? Which records belong apart?"
    changes = [(each.pattern.id, each.change) for each in case.questions if each.change is not None]
    if unplaced := [identity for identity, change in changes if not change.in_diff]:
        yield f"Where in the contract do the changes for {_listed(unplaced)} belong, if anywhere?"
    if careful := [identity for identity, change in changes if change.is_ours]:
        yield f"No log proposes a rule for {_listed(careful)}; is the program's own a sound one?"
    if unworded := [entry.pattern.id for entry in case.handoff.entries if entry.missing_rule is not None]:
        yield f"No log says what would help against {_listed(unworded)}; is there a rule that would?"
    if not _contract(case):
        yield "No contract was given, so there is no diff: judge the rules by themselves."
    if found.uncompared:
        yield f"{counted(found.uncompared, 'record')} could not be compared, as there are too many."


def _answer_form(first: AuditQuestion) -> Iterator[str]:
    evidence = [each.id for each in first.evidence[:2]]
    form = {"pattern": first.pattern.id, "verdict": "⚠", "evidence": evidence, "note": EXAMPLE}
    yield f"## Your answer\n\n{ANSWER}"
    yield f"```json\n{json.dumps(form, ensure_ascii=False)}\n```"
    yield VERDICTS


def _listed(identities: Sequence[str]) -> str:
    more = len(identities) - _NAMED
    return ", ".join(identities[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _contract(case: Case) -> str:
    return "" if case.contract is None else "".join(case.contract.lines)

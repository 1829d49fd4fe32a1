"""The whole bundle for an outside auditor: five files, or none when one still gives something away."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sync.auditor.case import CONTRACT, case_of
from sync.auditor.evidence import json_lines_of
from sync.auditor.leaks import Leak, leaks
from sync.auditor.letter import letter_of
from sync.auditor.manifest import MANIFEST, Making, manifest_of
from sync.patterns.handoff.handoff import Handoff
from sync.patterns.remembering.opinion import Asked

LETTER: Final = "audit.md"
RECORDS: Final = "records.jsonl"
DIFF: Final = "proposal.diff"
NAMES: Final = frozenset((LETTER, RECORDS, CONTRACT, DIFF, MANIFEST))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What is handed to the auditor.

    Attributes:
        files: By name.
        asked: What to remember, so that the answer can be understood.
        is_shortened: `audit.md` leaves some records to `records.jsonl`.
    """

    files: Mapping[str, bytes] = field(repr=False)
    asked: Asked = field(repr=False)
    patterns: int
    records: int
    is_shortened: bool


@dataclass(frozen=True, slots=True)
class Unfit:
    """There is no bundle: something would leave that must not."""

    leaks: tuple[Leak, ...]


def bundle_of(handoff: Handoff, making: Making) -> Bundle | Unfit:
    """Make the bundle, look through it once more, and give it out only when nothing is found."""
    case = case_of(handoff, singletons=making.singletons)
    letter = letter_of(case)
    texts = {LETTER: letter.text, RECORDS: json_lines_of(case.evidence), DIFF: case.diff}
    if case.contract is not None:
        texts[CONTRACT] = "".join(case.contract.lines)
    files = {name: text.encode() for name, text in texts.items()}
    texts[MANIFEST] = manifest_of(case, making, files, is_shortened=letter.is_shortened)
    if found := leaks(texts, case.evidence):
        return Unfit(found)
    files[MANIFEST] = texts[MANIFEST].encode()
    return Bundle(
        files=files,
        asked=case.asked,
        patterns=len(case.questions),
        records=len(case.evidence),
        is_shortened=letter.is_shortened,
    )

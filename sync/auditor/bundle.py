"""Make the bundle for an outside auditor: five files, or none if something secret would be left in one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sync.auditor.case import CONTRACT, case_of
from sync.auditor.evidence import json_lines_of
from sync.auditor.leaks import Leak, leaks
from sync.auditor.letter import letter_of
from sync.auditor.manifest import MANIFEST, Provenance, manifest_of
from sync.patterns.handoff.handoff import Handoff
from sync.patterns.remembering.opinion import Asked

LETTER: Final = "audit.md"
RECORDS: Final = "records.jsonl"
DIFF: Final = "proposal.diff"
NAMES: Final = frozenset((LETTER, RECORDS, CONTRACT, DIFF, MANIFEST))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The bundle for an auditor.

    Attributes:
        files: The contents of the files, by name.
        asked: What must be remembered to understand the answer.
        patterns: The number of patterns.
        records: The number of records.
        is_shortened: Whether some records are only in `records.jsonl`, and not in `audit.md`.
    """

    files: Mapping[str, bytes] = field(repr=False)
    asked: Asked = field(repr=False)
    patterns: int
    records: int
    is_shortened: bool


@dataclass(frozen=True, slots=True)
class Unfit:
    """There is no bundle, as something secret would be left in it."""

    leaks: tuple[Leak, ...]


def bundle_of(handoff: Handoff, provenance: Provenance) -> Bundle | Unfit:
    """Make the bundle of a hand-off, and check its files once more for what must not leave."""
    case = case_of(handoff, singletons=provenance.singletons)
    letter = letter_of(case)
    texts = {LETTER: letter.text, RECORDS: json_lines_of(case.evidence), DIFF: case.diff}
    if case.contract is not None:
        texts[CONTRACT] = "".join(case.contract.lines)
    files = {name: text.encode() for name, text in texts.items()}
    texts[MANIFEST] = manifest_of(case, provenance, files, is_shortened=letter.is_shortened)
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

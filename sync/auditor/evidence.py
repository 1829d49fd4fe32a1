"""Records as an auditor is given them: with ids, and without secrets and personal details."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from sync.auditor.disguise import Disguise
from sync.names import LogPath
from sync.patterns.names import PatternId, RecordKey
from sync.patterns.records.record import Record, record_key_of
from sync.patterns.records.window import as_moment, iso

RecordId: TypeAlias = str
"""An id made from the record's key, such as `R-5f2a90c1`; `-2` is added for a second record with the key."""

_APART: Final = (",  ", ": ")
"""Separators; after two spaces the next key does not look like a password at the end of a text."""

_CUT: Final = 1_000
"""The length at which a record's text was cut, perhaps within a word that must be hidden."""

_LAST_WORD: Final = re.compile(r"[!-~]{0,300}…\Z")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A record that may leave the company, with its id.

    Attributes:
        id: Its id in the bundle.
        pattern: The pattern that it belongs to; None if no other run has it.
        record: The record without secrets and personal details.
    """

    id: RecordId
    pattern: PatternId | None
    record: Record

    @property
    def place(self) -> str:
        """The path and line of the record."""
        return f"{self.record.path}:{self.record.line}"


def id_of(key: RecordKey) -> RecordId:
    """Return the id of a record."""
    return f"R-{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def texts_of(record: Record) -> Iterator[str]:
    """Yield every text of a record that is part of the bundle."""
    yield from (record.path, record.log_id, *record.tools)
    yield from map(_whole, (record.text, record.cause, record.reference, record.proposed_fix))


def evidence_of(
    records: Sequence[tuple[PatternId | None, Record]], disguise: Disguise
) -> tuple[Evidence, ...]:
    """Return records with their ids; records with the same key are numbered in the given order."""
    met: Counter[RecordId] = Counter()
    made = []
    for pattern, record in records:
        base = id_of(record_key_of(record))
        met[base] += 1
        number = f"-{met[base]}" if met[base] > 1 else ""
        made.append(Evidence(f"{base}{number}", pattern, _hidden(record, disguise)))
    return tuple(made)


def json_lines_of(evidence: Iterable[Evidence]) -> str:
    """Return records as JSON Lines."""
    return "".join(
        f"{json.dumps(_as_json(each), ensure_ascii=False, separators=_APART)}\n" for each in evidence
    )


def _as_json(evidence: Evidence) -> Mapping[str, Any]:
    record = evidence.record
    return {
        "id": evidence.id,
        "pattern": evidence.pattern,
        "path": record.path,
        "line": record.line,
        "log": record.log_id,
        "kind": str(record.kind),
        "date": iso(as_moment(record.moment)),
        "env": None if record.env is None else str(record.env),
        "severity": None if record.severity is None else str(record.severity),
        "outcome": None if record.outcome is None else str(record.outcome),
        "tools": list(record.tools),
        "section": record.reference,
        "text": record.text,
        "cause": record.cause,
        "proposed_fix": record.proposed_fix,
    }


def _hidden(record: Record, disguise: Disguise) -> Record:
    return replace(
        record,
        path=LogPath(disguise.hide(record.path)),
        log_id=disguise.hide(record.log_id),
        text=disguise.hide(_whole(record.text)),
        cause=disguise.hide(_whole(record.cause)),
        essence="",
        tools=tuple(map(disguise.hide, record.tools)),
        reference=disguise.hide(_whole(record.reference)),
        proposed_fix=disguise.hide(_whole(record.proposed_fix)),
    )


def _whole(text: str) -> str:
    """Return a text without the incomplete last word if it was cut."""
    return _LAST_WORD.sub("…", text) if len(text) >= _CUT else text

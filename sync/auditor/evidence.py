"""Records as an auditor is given them: with an id that he can point to, and without what must not leave."""

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
from sync.patterns.records.window import as_moment

RecordId: TypeAlias = str
"""Made from the record's key: `R-5f2a90c1`; of several with the same key the second has `-2` behind it."""

_APART: Final = (",  ", ": ")
"""Between values: after two blanks the name of the next does not look like the password of a text."""

_CUT: Final = 1_000
"""Letters at which the text of a record was cut, perhaps within a word that is to be hidden."""

_LAST_WORD: Final = re.compile(r"[!-~]{0,300}…\Z")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A record that may leave, and what it is called outside.

    Attributes:
        pattern: Whose member it is; None when no other run shares it.
        record: The record as it may leave.
    """

    id: RecordId
    pattern: PatternId | None
    record: Record

    @property
    def place(self) -> str:
        """Return path and line."""
        return f"{self.record.path}:{self.record.line}"


def id_of(key: RecordKey) -> RecordId:
    """Return the id of a record."""
    return f"R-{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def words_of(record: Record) -> Iterator[str]:
    """Yield every text of a record that leaves with it."""
    yield from (record.path, record.log_id, *record.tools)
    yield from map(_whole, (record.text, record.cause, record.reference, record.proposed_fix))


def evidence_of(
    records: Sequence[tuple[PatternId | None, Record]], disguise: Disguise
) -> tuple[Evidence, ...]:
    """Return records with their ids; the order of what is given settles which of equals is the second."""
    met: Counter[RecordId] = Counter()
    made = []
    for pattern, record in records:
        base = id_of(record_key_of(record))
        met[base] += 1
        number = f"-{met[base]}" if met[base] > 1 else ""
        made.append(Evidence(f"{base}{number}", pattern, _hidden(record, disguise)))
    return tuple(made)


def json_lines_of(evidence: Iterable[Evidence]) -> str:
    """Return records as JSON, one a line."""
    return "".join(
        f"{json.dumps(_as_json(each), ensure_ascii=False, separators=_APART)}\n" for each in evidence
    )


def _as_json(evidence: Evidence) -> Mapping[str, Any]:
    record = evidence.record
    moment = as_moment(record.moment)
    return {
        "id": evidence.id,
        "pattern": evidence.pattern,
        "path": record.path,
        "line": record.line,
        "log": record.log_id,
        "kind": str(record.kind),
        "date": None if moment is None else moment.isoformat().replace("+00:00", "Z"),
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
    """Return a text without the part of a word at which it was cut."""
    return _LAST_WORD.sub("…", text) if len(text) >= _CUT else text

"""What a bundle is made of and from, so that it can be checked and made again: `manifest.json`."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sync.auditor.case import Case
from sync.auditor.disguise import Disguise
from sync.names import Digest, LogPath
from sync.patterns.handoff.ranking import PATTERN_RUNS
from sync.patterns.version import VERSION
from sync.redaction.redact import redact

MANIFEST: Final = "manifest.json"
KIND: Final = "ai-traces audit bundle"
_SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class Source:
    """A log as it was read.

    Attributes:
        sha256: Of the whole file.
        redacted: How many secrets of each rule were taken out of it.
    """

    sha256: Digest
    redacted: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """What a bundle was made with.

    Attributes:
        version: Of the program.
        last: How many logs were asked for; None when `since` says it.
        since: The day from which logs were asked for, else None.
        top: How many decisions Jen is asked for at most.
        singletons: What only one run met was asked for, too.
        sources: Each log that was read.
        unread: Logs that could not be read.
    """

    version: str
    last: int | None
    since: str | None
    top: int
    singletons: bool
    sources: Mapping[LogPath, Source]
    unread: Sequence[LogPath]


def manifest_of(case: Case, making: Making, files: Mapping[str, bytes], *, is_shortened: bool) -> str:
    """Write the manifest of these files; the same for the same, whenever and wherever it is written."""
    found = case.handoff.extraction
    window = found.window
    moments = (None if day is None else _moment(day.isoformat()) for day in (window.first, window.last))
    first, last = moments
    values: Mapping[str, Any] = {
        "kind": KIND,
        "schema": _SCHEMA,
        "tool": {"name": "ai-traces", "version": making.version},
        "algorithm": VERSION,
        "model": None,
        "time": last,
        "parameters": {
            "last": making.last,
            "since": making.since,
            "top": making.top,
            "include_singletons": making.singletons,
            "minimum_runs": PATTERN_RUNS,
            "cut": found.distance,
        },
        "window": {"runs": window.runs, "first": first, "last": last},
        "counts": {
            "patterns": len(case.questions),
            "records": found.records,
            "records_in_bundle": len(case.evidence),
        },
        "audit_md_is_shortened": is_shortened,
        "dropped": _dropped(case, making),
        "redactions": _redactions(case, making),
        "placeholders": case.disguise.counts,
        "contract": _contract(case),
        "files": [
            {"name": name, "bytes": len(files[name]), "sha256": hashlib.sha256(files[name]).hexdigest()}
            for name in sorted(files)
        ],
        "logs": [
            {"path": case.disguise.hide(log.path), "sha256": making.sources[log.path].sha256}
            for log in window.logs
        ],
    }
    return f"{json.dumps(values, ensure_ascii=False, indent=1)}\n"


def _dropped(case: Case, making: Making) -> Sequence[Mapping[str, Any]]:
    found = case.handoff.extraction
    alone = 0 if making.singletons else len(found.alone)
    dropped: list[Mapping[str, Any]] = []
    if alone:
        dropped.append({"records": alone, "why": "met in one run only; --include-singletons adds them"})
    if found.uncompared:
        dropped.append({"records": found.uncompared, "why": "too many to be compared; counted as met alone"})
    unread = disguised(making.unread, case.disguise)
    return [*dropped, *({"log": path, "why": "it could not be read"} for path in unread)]


def disguised(paths: Sequence[LogPath], disguise: Disguise) -> Sequence[str]:
    """Return paths as they may leave, in order."""
    return [disguise.hide(path) for path in sorted(paths)]


def _redactions(case: Case, making: Making) -> Sequence[Mapping[str, Any]]:
    """Return the counts by rule: as a list, since a number behind the word password looks like one."""
    counts: Counter[str] = Counter()
    for log in case.handoff.extraction.window.logs:
        counts.update(making.sources[log.path].redacted)
    if case.handoff.contract is not None:
        counts.update(redact("".join(case.handoff.contract.lines)).counts)
    return [{"rule": rule, "count": count} for rule, count in sorted(counts.items())]


def _contract(case: Case) -> Mapping[str, str] | None:
    original, copy = case.handoff.contract, case.contract
    if original is None or copy is None:
        return None
    name = case.disguise.hide(original.name)
    return {"name": name, "sha256": original.sha256, "copy_sha256": copy.sha256}


def _moment(written: str) -> str:
    return written.replace("+00:00", "Z")

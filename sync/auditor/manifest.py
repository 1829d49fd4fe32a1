"""Write `manifest.json`, by which a bundle can be checked and made again."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sync.auditor.case import Case
from sync.names import Digest, LogPath
from sync.patterns.handoff.ranking import PATTERN_RUNS
from sync.patterns.records.window import iso
from sync.patterns.version import VERSION
from sync.redaction.redact import redact

MANIFEST: Final = "manifest.json"
KIND: Final = "ai-traces audit bundle"
_SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class Source:
    """A log as it was read.

    Attributes:
        sha256: The SHA-256 of the file.
        redacted: The number of secrets removed by each rule.
    """

    sha256: Digest
    redacted: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """The program, options and logs that a bundle is made from.

    Attributes:
        version: The version of the program.
        last: The number of logs that was asked for; None if `since` was given.
        since: The day from which logs were asked for; None if `last` was given.
        top: The largest number of decisions to ask Jen for.
        singletons: Whether what only one run met is included.
        sources: The logs that were read.
        unread: The logs that could not be read.
    """

    version: str
    last: int | None
    since: str | None
    top: int
    singletons: bool
    sources: Mapping[LogPath, Source]
    unread: Sequence[LogPath]


def manifest_of(case: Case, provenance: Provenance, files: Mapping[str, bytes], *, is_shortened: bool) -> str:
    """Return the manifest of a bundle; equal bundles have equal manifests at any time and place."""
    found = case.handoff.extraction
    window = found.window
    first, last = iso(window.first), iso(window.last)
    values: Mapping[str, Any] = {
        "kind": KIND,
        "schema": _SCHEMA,
        "tool": {"name": "ai-traces", "version": provenance.version},
        "algorithm": VERSION,
        "model": None,
        "time": last,
        "parameters": {
            "last": provenance.last,
            "since": provenance.since,
            "top": provenance.top,
            "include_singletons": provenance.singletons,
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
        "dropped": _dropped(case, provenance),
        "redactions": _redactions(case, provenance),
        "placeholders": case.disguise.counts,
        "contract": _contract(case),
        "files": [
            {"name": name, "bytes": len(files[name]), "sha256": hashlib.sha256(files[name]).hexdigest()}
            for name in sorted(files)
        ],
        "logs": [
            {"path": case.disguise.hide(log.path), "sha256": provenance.sources[log.path].sha256}
            for log in window.logs
        ],
    }
    return f"{json.dumps(values, ensure_ascii=False, indent=1)}\n"


def _dropped(case: Case, provenance: Provenance) -> Sequence[Mapping[str, Any]]:
    found = case.handoff.extraction
    alone = 0 if provenance.singletons else len(found.alone)
    dropped: list[Mapping[str, Any]] = []
    if alone:
        dropped.append({"records": alone, "why": "met in one run only; --include-singletons adds them"})
    if found.uncompared:
        dropped.append({"records": found.uncompared, "why": "too many to be compared; counted as met alone"})
    unread = (case.disguise.hide(path) for path in sorted(provenance.unread))
    return [*dropped, *({"log": path, "why": "it could not be read"} for path in unread)]


def _redactions(case: Case, provenance: Provenance) -> Sequence[Mapping[str, Any]]:
    """Return the counts by rule, as a list: a number after the key `password` would look like a password."""
    counts: Counter[str] = Counter()
    for log in case.handoff.extraction.window.logs:
        counts.update(provenance.sources[log.path].redacted)
    if case.handoff.contract is not None:
        counts.update(redact("".join(case.handoff.contract.lines)).counts)
    return [{"rule": rule, "count": count} for rule, count in sorted(counts.items())]


def _contract(case: Case) -> Mapping[str, str] | None:
    original, copy = case.handoff.contract, case.contract
    if original is None or copy is None:
        return None
    name = case.disguise.hide(original.name)
    return {"name": name, "sha256": original.sha256, "copy_sha256": copy.sha256}

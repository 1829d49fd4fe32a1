"""From what an auditor says to what is kept of it, beside the patterns that it is about."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from sync.auditor.disguise import impersonal
from sync.auditor.evidence import id_of
from sync.auditor.said import AuditFinding, Misunderstood
from sync.patterns.handoff.shown import shortened
from sync.patterns.names import PatternId, RecordKey
from sync.patterns.remembering.memory import Known, Memory
from sync.patterns.remembering.opinion import Asked, Opinion
from sync.patterns.remembering.registry import Registry

LONGEST_NOTE: Final = 500
_MOST_EVIDENCE: Final = 20
_MOST_OPINIONS: Final = 5


@dataclass(frozen=True, slots=True)
class KeptFinding:
    """A finding that is kept with its pattern.

    Attributes:
        missing: What it points to and what is not there.
    """

    finding: AuditFinding
    opinion: Opinion
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of an auditor's answer.

    Attributes:
        unknown: Findings on patterns that nothing is known of.
        excess: Findings that are left out, as there are more on one pattern than are kept.
    """

    registry: Registry
    kept: tuple[KeptFinding, ...]
    unknown: tuple[AuditFinding, ...]
    excess: tuple[Misunderstood, ...]


def heard(findings: Sequence[AuditFinding], registry: Registry) -> Heard:
    """Keep findings with their patterns, in the place of what was said of these before; none decides."""
    asked = registry.audited.asked
    keys = _keys(registry)
    kept: list[KeptFinding] = []
    unknown: list[AuditFinding] = []
    excess: list[Misunderstood] = []
    count: Counter[PatternId] = Counter()
    for each in findings:
        count[each.pattern] += 1
        if each.pattern not in registry.memory.known and each.pattern not in asked.patterns:
            unknown.append(each)
        elif count[each.pattern] > _MOST_OPINIONS:
            why = f"{_MOST_OPINIONS} findings on {each.pattern} stand before it, and no more are kept"
            excess.append(Misunderstood(each.line, why))
        else:
            missing = tuple(record for record in each.records if _base(record) not in keys)
            kept.append(KeptFinding(each, _opinion(each, asked, keys), missing))
    return Heard(
        registry=_keeping(registry, kept),
        kept=tuple(kept),
        unknown=tuple(unknown),
        excess=tuple(excess),
    )


def _keys(registry: Registry) -> Mapping[str, RecordKey]:
    return {id_of(key): key for key in _all_keys(registry)}


def _all_keys(registry: Registry) -> Iterator[RecordKey]:
    for known in registry.memory.known.values():
        yield from known.records
    for records in registry.audited.asked.patterns.values():
        yield from records
    yield from registry.audited.asked.alone


def _opinion(finding: AuditFinding, asked: Asked, keys: Mapping[str, RecordKey]) -> Opinion:
    found = dict.fromkeys(keys[base] for record in finding.records if (base := _base(record)) in keys)
    return Opinion(
        mark=finding.mark,
        note=shortened(impersonal(finding.note), LONGEST_NOTE),
        evidence=tuple(found)[:_MOST_EVIDENCE],
        until=asked.until if finding.pattern in asked.patterns else "",
    )


def _keeping(registry: Registry, kept: Sequence[KeptFinding]) -> Registry:
    memory = registry.memory
    opinions: dict[PatternId, tuple[Opinion, ...]] = {}
    for each in kept:
        pattern = each.finding.pattern
        opinions[pattern] = tuple(dict.fromkeys((*opinions.get(pattern, ()), each.opinion)))
        memory = _remembering(memory, pattern, registry.audited.asked)
    said = MappingProxyType({**registry.audited.opinions, **opinions})
    return replace(registry, memory=memory, audited=replace(registry.audited, opinions=said))


def _remembering(memory: Memory, pattern: PatternId, asked: Asked) -> Memory:
    """Remember a pattern that no hand-off has told of yet, so that it keeps its id."""
    return memory if pattern in memory.known else memory.having(pattern, Known(asked.patterns[pattern]))


def _base(record: str) -> str:
    """Return the id of a record without the number that tells equals apart."""
    return "-".join(record.split("-")[:2])

"""Keep an auditor's findings in the registry, with the patterns that they are about."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from sync.auditor.disguise import impersonal
from sync.auditor.evidence import id_of
from sync.auditor.finding import AuditFinding, Misunderstood
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
        finding: The finding.
        opinion: What is kept of it.
        missing: The records in its evidence that do not exist.
    """

    finding: AuditFinding
    opinion: Opinion
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JudgedReply:
    """What became of an auditor's answer.

    Attributes:
        registry: The registry with the kept findings.
        kept: The findings that are kept.
        unknown: The findings on unknown patterns.
        excess: The findings beyond the most that are kept for one pattern.
    """

    registry: Registry
    kept: tuple[KeptFinding, ...]
    unknown: tuple[AuditFinding, ...]
    excess: tuple[Misunderstood, ...]


def judge(findings: Sequence[AuditFinding], registry: Registry) -> JudgedReply:
    """Keep findings with their patterns, in place of earlier ones on these; none of them decides anything."""
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
            missing = tuple(record for record in each.records if _base_id(record) not in keys)
            kept.append(KeptFinding(each, _opinion(each, asked, keys), missing))
    return JudgedReply(
        registry=_with_opinions(registry, kept),
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
    found = dict.fromkeys(keys[base] for record in finding.records if (base := _base_id(record)) in keys)
    return Opinion(
        mark=finding.mark,
        note=shortened(impersonal(finding.note), LONGEST_NOTE),
        evidence=tuple(found)[:_MOST_EVIDENCE],
        until=asked.until if finding.pattern in asked.patterns else "",
    )


def _with_opinions(registry: Registry, kept: Sequence[KeptFinding]) -> Registry:
    memory = registry.memory
    opinions: dict[PatternId, tuple[Opinion, ...]] = {}
    for each in kept:
        pattern = each.finding.pattern
        opinions[pattern] = tuple(dict.fromkeys((*opinions.get(pattern, ()), each.opinion)))
        memory = _with_pattern(memory, pattern, registry.audited.asked)
    said = MappingProxyType({**registry.audited.opinions, **opinions})
    return replace(registry, memory=memory, audited=replace(registry.audited, opinions=said))


def _with_pattern(memory: Memory, pattern: PatternId, asked: Asked) -> Memory:
    """Remember a pattern that was in no hand-off yet, so that it keeps its id."""
    return memory if pattern in memory.known else memory.with_known(pattern, Known(asked.patterns[pattern]))


def _base_id(record: str) -> str:
    """Return the id of a record without the suffix of a repeated key."""
    return "-".join(record.split("-")[:2])

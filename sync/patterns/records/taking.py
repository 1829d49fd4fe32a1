"""Take the records from a log, without secrets."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from sync.patterns.records.masking import mask
from sync.patterns.records.nothing import says_no_trouble, says_nothing
from sync.patterns.records.passages import Passage, passages
from sync.patterns.records.record import Record, RecordKind
from sync.patterns.records.window import said_time
from sync.redaction.redact import redact
from sync.tracelog.model import Kind, Section, SectionName, TraceLog
from sync.tracelog.template import PLACEHOLDERS

_SHOWN: Final = 1_000
_TOLD: Final = 400
"""The number of letters of what happened, and of why, that are grouped by: long stories digress."""

_ENDS: Final = (".", "!", "?", ":", ";", ",", "。", "！", "？", "：")

_SECTIONS: Final = ((SectionName.ISSUES, RecordKind.ISSUE), (SectionName.CONTRACT_GAPS, RecordKind.GAP))


def records_of(log: TraceLog) -> tuple[Record, ...]:
    """Return a record for each issue line and contract gap of an execution, or one for an exception.

    Passages that say "none" or that all went well are left out, and so is the template's own text.
    """
    match log.kind:
        case Kind.EXECUTION:
            return tuple(_of_execution(log))
        case Kind.EXCEPTION:
            return tuple(_of_exception(log))


def _of_execution(log: TraceLog) -> Iterator[Record]:
    for name, kind in _SECTIONS:
        for passage in _said(log, name):
            yield _record(log, kind, passage, essence=_head(passage.text, 2 * _TOLD))


def _of_exception(log: TraceLog) -> Iterator[Record]:
    happened = _said(log, SectionName.WHAT_HAPPENED)
    causes = _said(log, SectionName.ROOT_CAUSE)
    first = next(iter((*happened, *causes)), None)
    if first is None:
        return
    what, why = _told(happened), _told(causes)
    shown = Passage(first.line, what or why)
    yield _record(log, RecordKind.EXCEPTION, shown, essence=f"{_head(what, _TOLD)} {_head(why, _TOLD)}")


def _record(log: TraceLog, kind: RecordKind, passage: Passage, *, essence: str) -> Record:
    return Record(
        path=log.path,
        log_id=_clean(log.log_id),
        line=passage.line,
        kind=kind,
        text=_shortened(_clean(passage.text), _SHOWN),
        essence=mask(_clean(essence).strip()),
        moment=said_time(log),
        env=log.env,
        severity=log.severity,
        outcome=log.outcome,
        tools=tuple(_clean(tool.name) for tool in log.tools),
        reference=_whole(log, SectionName.CONTRACT_REFERENCE),
        proposed_fix=_whole(log, SectionName.PROPOSED_FIX),
        cause=_whole(log, SectionName.ROOT_CAUSE),
    )


def _said(log: TraceLog, name: SectionName) -> tuple[Passage, ...]:
    """Return the meaningful passages of a section, code blocks only if there are no others."""
    is_empty = says_no_trouble if name in dict(_SECTIONS) else says_nothing
    found = [
        passage
        for section in log.sections
        if section.name is name
        for passage in passages(log.tokens, _lines(log, section))
        if not is_empty(passage.text) and passage.text != PLACEHOLDERS[name]
    ]
    spoken = tuple(passage for passage in found if not passage.is_code)
    return spoken or tuple(found)


def _lines(log: TraceLog, section: Section) -> range:
    """Return the lines of a section below its heading, from 0."""
    after = (other.line - 1 for other in log.sections if other.line > section.line)
    return range(section.line, min(after, default=log.text.count("\n") + 1))


def _whole(log: TraceLog, name: SectionName) -> str:
    return _shortened(_clean(_told(_said(log, name))), _SHOWN)


def _told(said: Iterable[Passage]) -> str:
    """Join passages to one line, each ended as a sentence."""
    texts = (passage.text for passage in said)
    return " ".join(text if text.endswith(_ENDS) else f"{text}." for text in texts).removesuffix(".")


def _head(text: str, longest: int) -> str:
    """Return the beginning of a text, cut between words."""
    return text if len(text) <= longest else text[:longest].rpartition(" ")[0] or text[:longest]


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


@lru_cache(maxsize=4_096)
def _clean(text: str) -> str:
    """Return a text without secrets; cached, as logs repeat the names of tools and sections."""
    return redact(text).text

"""Render a log to the page that it should have."""

from sync.names import Digest, Key
from sync.page.body import body
from sync.page.draft import PageDraft
from sync.page.properties import properties
from sync.tracelog.model import Kind, Outcome, Severity, TraceLog


def render(log: TraceLog, *, key: Key, content_hash: Digest) -> PageDraft:
    """Return the page of a log: the body has the whole log, the properties are views of it."""
    return PageDraft(
        key=key,
        content_hash=content_hash,
        icon=icon(log),
        properties=properties(log, key=key, content_hash=content_hash),
        body=body(log),
    )


def icon(log: TraceLog) -> str:
    """Return the emoji that shows how an execution went, or how bad an exception is."""
    match log.kind:
        case Kind.EXECUTION:
            return _outcome_icon(log.outcome)
        case Kind.EXCEPTION:
            return _severity_icon(log.severity)


def _outcome_icon(outcome: Outcome | None) -> str:
    match outcome:
        case Outcome.SUCCESS:
            return "✅"
        case Outcome.PARTIAL:
            return "🟡"
        case Outcome.FAILED:
            return "❌"
        case None:
            return "📄"


def _severity_icon(severity: Severity | None) -> str:
    match severity:
        case Severity.WARNING:
            return "⚠️"
        case Severity.ERROR:
            return "🔴"
        case Severity.CRITICAL:
            return "🚨"
        case None:
            return "❗"

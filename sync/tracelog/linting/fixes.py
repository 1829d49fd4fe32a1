"""Give a log the form of the spec where that is safe: what it says stays what it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

from sync.encoding import codec_of
from sync.names import LogPath
from sync.tracelog.linting.linter import LintFinding, lint
from sync.tracelog.linting.repair import repaired
from sync.tracelog.model import TraceLog
from sync.tracelog.parsing.parser import parse

_MOST_ROUNDS = 50
"""Two, nearly always: a repair may bring another departure to light, and some have to be made one by one."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A log after `mend`.

    Attributes:
        content: The new bytes of the file.
        rules: The ids of the rules that it keeps to since, each once.
        rename: Its new file name; None when it keeps the one it has.
    """

    content: bytes
    rules: tuple[str, ...]
    rename: str | None


def mend(content: bytes, path: LogPath) -> Mended:
    """Carry out every safe repair; the same bytes come back when there is none.

    A repair after which the log would say anything else is left out, and what is no UTF-8 stays as it is.
    """
    rules: dict[str, None] = {}
    for _ in range(_MOST_ROUNDS):
        findings = [each for each in lint(content, path, neighbours=None) if each.repair is not None]
        better, mended = _mended(content, findings, path)
        if better == content:
            break
        content = better
        rules |= dict.fromkeys(each.warning.rule for each in mended)
    named = (each.rename for each in lint(content, path, neighbours=None))
    return Mended(content, tuple(rules), next((name for name in named if name), None))


def _mended(
    content: bytes, findings: Sequence[LintFinding], path: LogPath
) -> tuple[bytes, Sequence[LintFinding]]:
    """Carry out all repairs at once, or those that can be one by one when they cannot all be."""
    together = _after(content, findings)
    if _says_the_same(content, together, path):
        return together, findings
    for finding in findings:
        alone = _after(content, [finding])
        if alone != content and _says_the_same(content, alone, path):
            return alone, [finding]
    return content, ()


def _after(content: bytes, findings: Sequence[LintFinding]) -> bytes:
    if codec_of(content):
        return content
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return content
    repairs = [each.repair for each in findings if each.repair is not None]
    mark = text[: text.startswith("\ufeff")]
    return (mark + repaired(text.removeprefix(mark), repairs)).encode()


def _says_the_same(before: bytes, after: bytes, path: LogPath) -> bool:
    return _meaning(parse(before, path, zone=UTC)) == _meaning(parse(after, path, zone=UTC))


def _meaning(log: TraceLog) -> tuple[object, ...]:
    values = (log.timestamp, log.env, log.risk, log.severity, log.transition, log.outcome)
    sections = [(section.name or section.heading, _words(section.text)) for section in log.sections]
    return (log.kind, log.log_id, values, log.tools, sections, log.front_matter)


def _words(text: str) -> list[str]:
    return text.casefold().split()

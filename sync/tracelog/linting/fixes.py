"""Mend the form of a log without changing what it says."""

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
"""The limit of rounds, of which two are nearly always enough: a repair may reveal another departure."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A log after `mend`.

    Attributes:
        content: The new bytes of the file.
        rules: The ids of the rules whose violation was mended, each once.
        rename: The new file name; None to keep the present one.
    """

    content: bytes
    rules: tuple[str, ...]
    rename: str | None


def mend(content: bytes, path: LogPath) -> Mended:
    """Make every safe repair; without one the bytes come back unchanged.

    A repair that would change what the log says is left out, and a file that is not UTF-8 stays as it is.
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
    """Make all repairs together; if that would change what the log says, make the first safe one alone."""
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

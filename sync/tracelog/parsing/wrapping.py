"""Remove what some writers put around a log: YAML front matter, or a code fence around the whole."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sync.tracelog.model import FormatWarning
from sync.tracelog.rules import Rule
from sync.tracelog.title import read_title

_YAML_KEY = re.compile(r"[^\W\d][\w.-]*(?: [\w.-]+){0,3}:(?:\s|$)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*(?:markdown|md)?[ \t]*", re.IGNORECASE)
_BARE = re.compile(r"\s*+[^-`~]")
"""The beginning of a log that has neither."""


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """The log without its wrapping, whose lines are blank in `body`, so that line numbers stay."""

    body: str
    front_matter: str
    warnings: tuple[FormatWarning, ...]


def unwrap(text: str) -> Unwrapped:
    """Remove front matter and an outer code fence from a log."""
    if _BARE.match(text) is not None:
        return Unwrapped(text, "", ())
    lines = text.split("\n")
    warnings: list[FormatWarning] = []
    front_matter = ""
    end = _front_matter_end(lines)
    if end:
        front_matter = "\n".join(lines[1:end])
        lines[: end + 1] = [""] * (end + 1)
        warnings.append(Rule.FRONT_MATTER.at(1))
    fence = _outer_fence(lines)
    if fence is not None:
        first, last = fence
        mark = lines[first].strip()[:3]
        lines[first] = lines[last] = ""
        warnings.append(Rule.FENCED_LOG.at(first + 1, fence=mark))
    return Unwrapped("\n".join(lines), front_matter, tuple(warnings))


def _front_matter_end(lines: Sequence[str]) -> int:
    """Return the index of the closing line; 0 if the log has no front matter."""
    if lines[0].rstrip() != "---":
        return 0
    keys = 0
    for index, line in enumerate(lines[1:], start=1):
        if line.rstrip() in {"---", "..."}:
            return index if keys else 0
        if _YAML_KEY.match(line):
            keys += 1
        elif not _may_follow_a_key(line, keys):
            return 0
    return 0


def _may_follow_a_key(line: str, keys: int) -> bool:
    """Return whether a line is one of YAML's (blank, comment, item, continuation), not of a log."""
    if not line.strip():
        return True
    if line.startswith("#"):
        return not line.startswith("##") and read_title(line.lstrip("# ")) is None
    return keys > 0 and line.startswith((" ", "\t", "- ", "]", "}"))


def _outer_fence(lines: Sequence[str]) -> tuple[int, int] | None:
    """Return the first and last line of a code fence around the whole log."""
    written = (index for index, line in enumerate(lines) if line.strip())
    first, second = next(written, None), next(written, None)
    if first is None or second is None:
        return None
    opening = _FENCE.fullmatch(lines[first])
    last = next(index for index in range(len(lines) - 1, -1, -1) if lines[index].strip())
    closing = lines[last].strip()
    if opening is None or not closing.startswith(opening[1]) or closing.strip(opening[1][0]):
        return None
    heading = lines[second].strip()
    return (first, last) if heading.startswith("#") and read_title(heading.strip("# ")) else None

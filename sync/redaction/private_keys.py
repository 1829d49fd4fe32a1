"""Private keys: blocks of many lines, one line with escapes, or cut off before their end."""

import base64
import re
from collections.abc import Iterator

from sync.redaction.finding import SecretFinding, Span
from sync.redaction.searched import Searched
from sync.redaction.strength import OPAQUE

_RULE = "private-key"
_BEGIN = re.compile(
    r"-{4,5} ?BEGIN (?:[A-Z0-9]{1,20} ){0,4}(?:PRIVATE KEY|Static key V1)(?: BLOCK)? ?-{4,5}"
    r"|Private-Lines:[ \t]{0,4}[0-9]{1,4}|untrusted comment:[^\n]{0,80}secret key"
)
_HINTS = ("PRIVATE KEY", "Static key", "Private-Lines", "secret key")
_END = re.compile(r"-{4,5} ?END |Private-MAC:")
_END_OF_KEY = re.compile(r"-{4,5} ?END (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY")
_MOST_LINES = 400
_LONGEST = 60_000
"""Characters of the longest key that is expected."""

_EDGE = " \t\r>|*\"'`,;\\#-"
_HEADER = re.compile(r"[A-Za-z][A-Za-z-]{2,24}: ")
_BODY = re.compile(r"[A-Za-z0-9+/=_, \t\"'>|*-]+")
_RUN = re.compile(r"[A-Za-z0-9+/=_-]{16,}")
_BASE64_HINT = "LS0tLS1CRUdJTi"
_BASE64_PEM = re.compile(r"LS0tLS1CRUdJTi[A-Za-z0-9+/=]{20,}")


def find(searched: Searched) -> Iterator[SecretFinding]:
    """Find the bodies of private keys; the lines that say what they are stay."""
    text = searched.text
    if any(hint in text for hint in _HINTS):
        begins = list(_BEGIN.finditer(text))
        limits = [*(begin.start() for begin in begins), len(text)][1:]
        for begin, limit in zip(begins, limits, strict=False):
            end = _END.search(text, begin.end(), min(limit, begin.end() + _LONGEST))
            spans = tuple(_lines(text, begin.end(), end.start() if end else limit, ended=end is not None))
            if any(_RUN.search(text, *span) for span in spans):
                yield SecretFinding(_RULE, spans)
        yield from _headless(text)
    for block in _BASE64_PEM.finditer(text) if _BASE64_HINT in text else ():
        if b"PRIVATE KEY" in base64.b64decode(_whole_groups(block[0][:80])):
            yield SecretFinding(_RULE, (block.span(),))


def _whole_groups(written: str) -> str:
    """Return as much of a text in base64 as can be read; it may be cut off anywhere."""
    signs = written.partition("=")[0]
    return signs[: len(signs) // 4 * 4]


def _headless(text: str) -> Iterator[SecretFinding]:
    """Find keys whose beginning was cut off; those with one are found again, which changes nothing."""
    for end in _END_OF_KEY.finditer(text):
        spans: list[Span] = []
        stop = text.rfind("\n", 0, end.start())
        while stop > 0 and len(spans) < _MOST_LINES:
            start = text.rfind("\n", 0, stop) + 1
            core = text[start:stop].strip(_EDGE)
            if " " in core or not _BODY.fullmatch(core) or not (_RUN.search(core) or not spans):
                break
            at = start + text[start:stop].index(core)
            spans.append((at, at + len(core)))
            stop = start - 1
        if spans:
            yield SecretFinding(_RULE, tuple(reversed(spans)))


def _lines(text: str, start: int, limit: int, *, ended: bool) -> Iterator[Span]:
    """Yield what is to be taken out of each line of a key; without an end, as long as lines look like one."""
    blanks = 0
    while start < limit:
        stop = text.find("\n", start, limit)
        stop = limit if stop < 0 else stop
        line = text[start:stop]
        core = line.strip(_EDGE)
        if core and not _HEADER.match(core) and OPAQUE not in core:
            if not _looks_like_a_body(core, ended=ended):
                return
            at = start + line.index(core)
            yield at, at + len(core)
        blanks = 0 if core else blanks + 1
        if blanks > 3:  # noqa: PLR2004 - a fence and blank lines at its sides
            return
        start = stop + 1


def _looks_like_a_body(core: str, *, ended: bool) -> bool:
    if ended and " " not in core:
        return _BODY.fullmatch(core) is not None
    return _BODY.fullmatch(core) is not None and _RUN.search(core) is not None and (ended or " " not in core)

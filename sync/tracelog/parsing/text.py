"""From the bytes of a file to clean text with the same lines."""

import re

from sync.encoding import codec_of
from sync.tracelog.model import FormatWarning
from sync.tracelog.parsing.reading import Reading
from sync.tracelog.rules import Rule

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def decode(content: bytes) -> Reading[str]:
    """Turn any bytes into valid Unicode with LF line ends, no byte order mark and no NUL.

    A NUL becomes U+FFFD. Other control characters stay: whoever shows the text decides how.
    """
    raw = _to_unicode(content)
    lines = _with_newlines(raw.value)
    return Reading(lines.replace("\0", "\ufffd"), raw.warnings + _control_characters(lines))


def _to_unicode(content: bytes) -> Reading[str]:
    codec = codec_of(content)
    if codec is not None:
        text = content.decode(codec, errors="replace").removeprefix("\ufeff")
        return Reading(text, (Rule.NOT_UTF8.at(1, encoding=codec[:6].upper()),))
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        return Reading(content.decode())
    except UnicodeDecodeError as error:
        before = _with_newlines(content[: error.start].decode())
        return Reading(content.decode(errors="replace"), (Rule.INVALID_UTF8.at(*_end(before)),))


def _with_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _control_characters(text: str) -> tuple[FormatWarning, ...]:
    found = _CONTROL.search(text)
    if found is None:
        return ()
    line, column = _end(text[: found.start()])
    return (Rule.CONTROL_CHARACTER.at(line, column, code=f"U+{ord(found[0]):04X}"),)


def _end(text: str) -> tuple[int, int]:
    """Return line and column, from 1, of what follows `text`."""
    return text.count("\n") + 1, len(text) - text.rfind("\n")

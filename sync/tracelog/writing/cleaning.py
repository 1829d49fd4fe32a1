"""Clean a text for use in a log: line ends, control characters, blank edges."""

import re

_EDGE = re.compile(r"\A(?:[^\S\n]*\n)+")
_PICTURES = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"} | {0x7F: 0x2421}
_SURROGATES = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Return the text with LF line ends, without blank lines around it, and with no invisible control.

    A control character becomes its picture, such as ␛: the words around it stay what they are.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").translate(_PICTURES)
    return _EDGE.sub("", _SURROGATES.sub("\ufffd", lines)).rstrip()


def clean_line(text: str) -> str:
    """Return the text as `clean` does, on one line."""
    return " ".join(clean(text).split())

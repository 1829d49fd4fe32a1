"""Link targets: which ones Notion is given, and how the others are shown."""

import re
from typing import Final
from urllib.parse import unquote_to_bytes

from sync.page.limits import MAX_URL, utf16_length

_HOST: Final = r"(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?"
_CHAR: Final = r"[!#-;=?-Z\[\]_a-z~]"
_WEB: Final = rf"https?://{_HOST}(?:[/?#]{_CHAR}*)?"
_MAIL: Final = rf"mailto:[a-z0-9.!#$%&'*+/=?_~-]+@{_HOST}(?:\?{_CHAR}*)?"
_KEPT: Final = re.compile(f"{_WEB}|{_MAIL}", re.IGNORECASE | re.ASCII)

_ENCODED: Final = re.compile(r"(?:%(?:[89a-f][0-9a-f]|22|3c|3e|5c|5e|60|7b|7c|7d))+", re.IGNORECASE)
"""What the parser encodes in a target although a writer need not, spaces excepted."""


def kept(target: str) -> str | None:
    """Return a target that may be a link on the page; None for one that is to be shown as text.

    Kept are well-formed http, https and mailto targets within Notion's limit: it refuses a whole
    request for one malformed link.
    """
    return target if _KEPT.fullmatch(target) and utf16_length(target) <= MAX_URL else None


def shown(target: str) -> str:
    """Return a target as its writer wrote it: the parser's percent-encoding undone where that is plain."""
    return _ENCODED.sub(_decoded, target)


def note(target: str, title: str) -> str:
    """Return the target and title of a link or an image as they stand behind its text."""
    return " ".join(part for part in (target, f'"{title}"' if title else "") if part)


def _decoded(match: re.Match[str]) -> str:
    try:
        return unquote_to_bytes(match[0]).decode()
    except UnicodeDecodeError:
        return match[0]

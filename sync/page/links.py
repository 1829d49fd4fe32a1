"""Link targets: which ones Notion is given, and how the others are shown."""

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from sync.page.limits import MAX_URL, utf16_length

_HOST: Final = r"(?P<host{0}>[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::(?P<port{0}>\d{{1,5}}))?"
_CHAR: Final = r"[!#-;=?-Z\[\]_a-z~]"
_WEB: Final = rf"https?://{_HOST.format('')}(?:[/?#]{_CHAR}*)?"
_MAIL: Final = rf"mailto:[a-z0-9.!#$%&'*+/=?_~-]+@{_HOST.format('_of_mail')}(?:\?{_CHAR}*)?"
_KEPT: Final = re.compile(f"{_WEB}|{_MAIL}", re.IGNORECASE | re.ASCII)

_LAST_PORT: Final = 65_535
_USUAL_PORT: Final = {"http": ":80", "https": ":443"}
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_PUNYCODE: Final = "xn--"

_ENCODED: Final = re.compile(r"(?:%(?:[89a-f][0-9a-f]|22|3c|3e|5c|5e|60|7b|7c|7d))+", re.IGNORECASE)
"""What the parser encodes in a target although a writer need not, spaces excepted."""

_PARTING: Final = re.compile(r"%(2[356bf]|3[bdf])", re.IGNORECASE)
"""What would part an address, or encode, if it were not encoded: `#%&+/;=?`."""


def kept(target: str) -> str | None:
    """Return a target that may be a link on the page; None for one that is to be shown as text.

    Kept are well-formed http, https and mailto targets within Notion's limit: it refuses a whole
    request for one malformed link.
    """
    found = _KEPT.fullmatch(target)
    if found is None or utf16_length(target) > MAX_URL:
        return None
    host = found["host"] or found["host_of_mail"]
    port = int(found["port"] or found["port_of_mail"] or 1)
    return target if 0 < port <= _LAST_PORT and _is_host(host.lower()) else None


def shown(target: str) -> str:
    """Return a target as its writer wrote it: the parser's percent-encoding undone where that is plain."""
    return _ENCODED.sub(_decoded, target)


def destination(target: str) -> str:
    """Return where a target leads, equal for all its spellings: who stores it may choose another."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return target
    host = parts.netloc.lower().removesuffix(_USUAL_PORT.get(parts.scheme, ""))
    path, query, fragment = map(_decoded_alike, (parts.path, parts.query, parts.fragment))
    return "\n".join((parts.scheme, host, _straight(path) if host else path, query, fragment))


def target_note(target: str, title: str) -> str:
    """Return the target and title of a link or an image as they stand behind its text."""
    return " ".join(part for part in (target, f'"{title}"' if title else "") if part)


def _is_host(host: str) -> bool:
    """Tell whether an address leads somewhere: a browser's parser, as Notion's, refuses the others."""
    try:
        if host.startswith("["):
            IPv6Address(host[1:-1])
            return True
        *_, last = labels = host.split(".")
        if last.isdigit():
            IPv4Address(host)
            return True
    except AddressValueError:
        return False
    return all(_LABEL.fullmatch(label) and _is_readable(label) for label in labels)


def _is_readable(label: str) -> bool:
    """Tell whether a label that stands for foreign letters says which."""
    if not label.startswith(_PUNYCODE):
        return True
    try:
        return not label.removeprefix(_PUNYCODE).encode().decode("punycode").isascii()
    except UnicodeError:
        return False


def _decoded_alike(part: str) -> str:
    """Return a part of an address without what is encoded in it, unless that keeps its own meaning so."""
    return unquote(_PARTING.sub(lambda sign: f"%25{sign[1].upper()}", part))


def _straight(path: str) -> str:
    """Return a path without its detours: a browser's parser takes `/a/../b` for `/b`."""
    steps: list[str] = []
    way = path.split("/")[1:]
    for step in way:
        if step == "..":
            del steps[-1:]
        elif step != ".":
            steps.append(step)
    if not way or way[-1] in {".", ".."}:
        steps.append("")
    return "/" + "/".join(steps)


def _decoded(match: re.Match[str]) -> str:
    try:
        return unquote_to_bytes(match[0]).decode()
    except UnicodeDecodeError:
        return match[0]

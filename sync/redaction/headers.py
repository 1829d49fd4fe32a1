"""Credentials in headers: Authorization, bearer tokens, cookies."""

import binascii
import re
from collections.abc import Callable, Iterator

from sync.redaction.finding import SecretFinding
from sync.redaction.searched import Searched
from sync.redaction.strength import is_name, is_random, is_reference, is_stand_in, is_uuid, is_wordy

_BEARER = re.compile(
    r"(?:[ \t]|%20|\+|[ \t]?[:=][ \t]?){1,4}[\"'`*<(\[]{0,3}(?P<secret>[A-Za-z0-9._~+/=:|%-]{8,8000})"
)
_BASIC = re.compile(r"[ \t]{1,4}[\"'`]{0,2}(?P<secret>[A-Za-z0-9+/_-]{6,4000}={0,2})")
_AUTHORIZATION = re.compile(
    r"[\\\"'`*\])]{0,6}[ \t]{0,4}(?:[:=]|=>|,)[ \t]{0,4}[\\\"'`*(\[]{0,6}"
    r"(?:[A-Za-z][\w-]{1,30}[ \t]{1,3})?(?P<rest>[^\n\"'`<>]{8,4000})"
)
_PART = re.compile(r"[A-Za-z0-9._~+/=:|%-]{8,4000}")
_COOKIES = re.compile(
    r"2?[\\\"'`*\])]{0,6}(?:[ \t]{0,4}(?:[:=]|=>)[ \t]{0,4}|[ \t]{1,4})[\\\"'`*]{0,6}"
    r"(?P<rest>[^\n\"'`<>]{4,8000})"
)
_COOKIE = re.compile(r"(?P<name>[\w.!#$&*+^~-]{1,80}+)=(?P<secret>[^;,\s\"'`\\]{8,4000})")
_SESSION = re.compile(
    r"(?:php|j|asp\.?net_|laravel_|_gitlab_|connect\.)?(?:sess(?:ion)?_?(?:id)?|\.sid)[\"']?=[\"']?"
    r"(?P<secret>[A-Za-z0-9%._~+/=:-]{12,4000})",
    re.IGNORECASE,
)
_ATTRIBUTES = frozenset(
    ("path", "domain", "expires", "max-age", "samesite", "priority", "version", "comment")
)

_SCHEME_WORDS = frozenset(("realm", "error", "scope", "charset", "authentication", "authorization"))


def find(searched: Searched) -> Iterator[SecretFinding]:
    """Find the credentials in headers; the header's name and the scheme stay."""
    text = searched.text
    for end in searched.ends("bearer"):
        found = _BEARER.match(text, end)
        if found is not None and _is_token(found["secret"]):
            yield SecretFinding("bearer-token", (found.span("secret"),))
    for end in searched.ends("basic"):
        found = _BASIC.match(text, end)
        if found is not None and _names_a_user(found["secret"]) and not is_stand_in(found["secret"]):
            yield SecretFinding("basic-auth", (found.span("secret"),))
    yield from _in_headers("authorization", _AUTHORIZATION, _authorization, searched)
    yield from _in_headers("cookie", _COOKIES, _cookies, searched)
    for start in searched.starts("sess"):
        yield from _session(text, start)
    for start in searched.starts(".sid"):
        yield from _session(text, start)


def _is_token(value: str) -> bool:
    bare = value.strip(".:=")
    return (
        (is_random(bare) or (bare != value and is_random(value)))
        and value.split("=", maxsplit=1)[0].lower() not in _SCHEME_WORDS
        and not (is_stand_in(value) or is_name(value) or is_reference(value))
    )


def _names_a_user(value: str) -> bool:
    """Tell whether it is `user:password` in Base64."""
    written = value.replace("-", "+").replace("_", "/")
    try:
        plain = binascii.a2b_base64(written + "=" * (-len(written) % 4))
    except binascii.Error:
        return False
    shown = b":" in plain and min(plain) >= 32  # noqa: PLR2004 - the first that is no control
    return shown and (plain.isascii() or not is_wordy(value))


def _in_headers(
    name: str,
    pattern: re.Pattern[str],
    within: Callable[[str, re.Match[str]], Iterator[SecretFinding]],
    searched: Searched,
) -> Iterator[SecretFinding]:
    """Look into each header once: what names the header again inside of it is no other one."""
    done = 0
    for end in searched.ends(name):
        header = pattern.match(searched.text, end) if end >= done else None
        if header is not None:
            done = header.end()
            yield from within(searched.text, header)


def _authorization(text: str, header: re.Match[str]) -> Iterator[SecretFinding]:
    """Yield every random part of an Authorization header: signatures, too, and schemes that nobody knows."""
    for part in _PART.finditer(text, *header.span("rest")):
        name, equals, value = part[0].partition("=")
        named = equals and value and name.isalpha()
        secret = value if named else part[0]
        if _is_token(secret):
            yield SecretFinding("authorization", ((part.end() - len(secret), part.end()),))


def _cookies(text: str, header: re.Match[str]) -> Iterator[SecretFinding]:
    start, end = header.span("rest")
    if text.find("=", start, end) < 0:
        return
    for cookie in _COOKIE.finditer(text, start, end):
        value = cookie["secret"]
        if cookie["name"].lower() not in _ATTRIBUTES and is_random(value) and not is_stand_in(value):
            yield SecretFinding("cookie", (cookie.span("secret"),))


def _session(text: str, start: int) -> Iterator[SecretFinding]:
    found = _SESSION.match(text, start)
    if found is not None:
        value = found["secret"]
        if is_random(value) and not is_uuid(value) and not is_stand_in(value):
            yield SecretFinding("cookie", (found.span("secret"),))

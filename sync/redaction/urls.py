"""Credentials in addresses: before the host, and in the query."""

import re
from collections.abc import Iterator

from sync.redaction.finding import SecretFinding
from sync.redaction.searched import Searched
from sync.redaction.strength import is_name, is_random, is_reference, is_stand_in

_USER_INFO = re.compile(
    r"(?P<user>[^\s/?#:@\"'<>`|\\]{0,200}):(?![0-9]{1,5}(?:[/?#\s]|$))(?P<password>[^\s@\"'<>`]{1,300}"
    r"(?:@(?=[^\s/?#\"'<>`@]{0,200}@)[^\s/?#\"'<>`@]{0,200}){0,3})@(?=[\w\[.-])"
)
_TOKEN_AS_USER = re.compile(r"(?P<password>[A-Za-z0-9_.~%-]{16,300})@(?=[\w.-]+)")
_BEFORE_PARAMETERS = frozenset("?&;")
_PARAMETER = re.compile(
    r"(?i:sig|signature|x-amz-signature|x-amz-credential|x-amz-security-token|x-goog-signature|"
    r"x-goog-credential|key|code|hapikey|appid|app_key|auth|jwt|hmac|st|se_sig|ticket|assertion|sso|samlresponse)="
    r"(?P<secret>[A-Za-z0-9%._~+/=:-]{12,4000})"
)
_OTP = re.compile(r"otpauth://[^\s\"'<>`]{0,300}?[?&]secret=(?P<secret>[A-Za-z2-7=%]{8,200})", re.IGNORECASE)
_REACH = 510
"""Characters of the longest user and password, in front of their first @."""

_WORDS = frozenset(
    ("password", "passwd", "pass", "pwd", "pw", "secret", "token", "api_key", "apikey", "key", "x")
)


def find(searched: Searched) -> Iterator[SecretFinding]:
    """Find the credentials in addresses; scheme, user and host stay."""
    text = searched.text
    for start in _hosts(text):
        yield from _user_info(text, start)
    for found in _parameters(searched):
        value = found["secret"]
        if is_random(value) and not is_stand_in(value) and not is_name(value):
            yield SecretFinding("url-signature", (found.span("secret"),))
    if searched.holds("otpauth:"):
        for found in _OTP.finditer(text):
            if not is_stand_in(found["secret"]):
                yield SecretFinding("otp-seed", (found.span("secret"),))


def _parameters(searched: Searched) -> Iterator[re.Match[str]]:
    """Find those of a query that may hold a credential; name and value together are a long row of signs."""
    text = searched.text
    for _, start in searched.rows.starts:
        if text[start - 1 : start] in _BEFORE_PARAMETERS:
            found = _PARAMETER.match(text, start)
            if found is not None:
                yield found


def _hosts(text: str) -> Iterator[int]:
    """Yield where an address goes on behind `://` each time that an @ stands behind it near enough."""
    at, sign = text.find("://"), -1
    while at >= 0:
        start = at + len("://")
        if sign < start:
            sign = text.find("@", start)
            if sign < 0:
                return
        if sign - start <= _REACH:
            yield start
        at = text.find("://", start)


def _user_info(text: str, start: int) -> Iterator[SecretFinding]:
    found = _USER_INFO.match(text, start)
    if found is not None:
        if _is_password(found["password"]):
            yield SecretFinding("url-password", (found.span("password"),))
        return
    found = _TOKEN_AS_USER.match(text, start)
    if found is not None and is_random(found["password"]) and not is_stand_in(found["password"]):
        yield SecretFinding("url-password", (found.span("password"),))


def _is_password(value: str) -> bool:
    return not (
        value.lower() in _WORDS
        or is_stand_in(value)
        or (value.startswith(("$", "%(")) and is_reference(value))
        or set(value) <= set("*.-_xX#?")
    )

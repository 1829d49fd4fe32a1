"""Secrets that are known by what stands before them: `password=…`, `"api_key": "…"`, `--token …`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from sync.redaction.finding import Finding
from sync.redaction.strength import (
    is_name,
    is_password,
    is_random,
    is_reference,
    is_stand_in,
)
from sync.redaction.words import HARMLESS, KEYS_THAT_OPEN


class _Kind(Enum):
    PASSWORD = auto()  # people choose it: weak ones are secrets, too
    KEY = auto()  # machines make it: what is no random text is none


_STEMS: Final = (
    ("passw", _Kind.PASSWORD),
    ("passphrase", _Kind.PASSWORD),
    ("passcode", _Kind.PASSWORD),
    ("pass", _Kind.PASSWORD),
    ("pwd", _Kind.PASSWORD),
    ("パスワード", _Kind.PASSWORD),
    ("contraseña", _Kind.PASSWORD),
    ("kennwort", _Kind.PASSWORD),
    ("secret", _Kind.KEY),
    ("token", _Kind.KEY),
    ("key", _Kind.KEY),
    ("キー", _Kind.KEY),
    ("トークン", _Kind.KEY),
    ("シークレット", _Kind.KEY),
    ("credential", _Kind.KEY),
    ("auth", _Kind.KEY),
    ("sig", _Kind.KEY),
    ("signature", _Kind.KEY),
    ("-team", _Kind.KEY),
    ("webhook", _Kind.KEY),
)
_SUFFIX: Final = re.compile(
    r"(?:ord|ort|e|d|s)?(?:[_-]?(?:value|string|base|base64|b64|raw|plain|v?[0-9]{1,2}|dev|development|prod|production|"
    r"stage|staging|live|sandbox|primary|secondary|default|old|new|current|backup|main|admin|root|user|db|urlsafe))*",
    re.IGNORECASE,
)
_SEPARATOR: Final = re.compile(
    r"""(?P<close>[\\"'`*_~\])]{0,8}(?:</[a-z0-9]{1,10}>)?[`*]{0,2})"""
    r"""(?:[ \t]{0,3}\([^()\n]{0,40}\)[*_`]{0,3}|[ \t]for [\w.@-]{1,40})?[ \t]{0,20}"""
    r"""(?:(?P<attribute>,?\s{0,60}["'`]?(?:value|default)["'`]?[ \t]{0,3}[:=])"""
    r"""|(?P<sign>:=|=>|->|={1,3}|[:：＝→>]|\|{1,2}|<t[dh][^<>\n]{0,60}>|,(?=[ \t]?["'`]))"""
    r"""|(?P<blank>[ \t]{1,4}(?:(?:is|was|to|of|as|はこちら)[ \t]*[:=]?[ \t]{1,4})?|は|[ \t]{0,4}$))""",
    re.IGNORECASE | re.MULTILINE,
)
_LEAD: Final = re.compile(
    r"""[ \t]{0,20}(?P<below>\n{1,2}[ \t>]{0,20}(?:[-*+] )?(?:```[a-z]{0,12}\n[ \t]{0,8})?)?"""
    r"""[*_~]{0,3}[ \t]{0,4}(?:(?:str|string|&str|text)[ \t]?=[ \t]?)?"""
    r"""(?:<(?:code|td|b|strong|span)>)?(?:[rbfu](?=["']))?"""
    r"""(?P<quote>\\{0,3}["'`]{1,2}|[「『“‘])?""",
    re.IGNORECASE,
)
_BARE: Final = re.compile(
    r"""(?:(?=[!-~])[^"'`|<>,;&]|[,;&](?!\s|$|[\w.%-]{1,40}[:=])|[|>](?![\s|])(?=[^\s"'`|<>]{2}))+"""
)
_WHOLE: Final = re.compile(r"[!-~]+")
_LONGEST: Final = 6_000
_CLOSING: Final = {"「": "」", "『": "』", "“": "”", "‘": "’"}
_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\x00-\x7f]+")
_FLAG: Final = re.compile(r"(?:^|[\s\"'`\[(])--?(?:[A-Za-z][\w-]*)?$", re.ASCII)
_NETRC: Final = re.compile(r"\blogin[ \t]+\S+[ \t]+$")
_WITH_USER: Final = re.compile(
    r"\b(?:user|user id|uid|username|login|host|server)[ \t]?=[^=]{1,60}$", re.IGNORECASE
)
_VARIABLE: Final = re.compile(r"(?:^|[\s\"'`$(*_+「])[A-Z][A-Z0-9_]*$", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value may stand.

    Attributes:
        start: Its first character.
        end: After its last.
        quoted: It stands in quotes.
        sure: A value of any strength is meant: `NAME=`, quotes, a flag.
        loose: Nothing but a blank or a line end is between it and its name.
    """

    start: int
    end: int
    quoted: bool
    sure: bool
    loose: bool


def find(text: str, lowered: str) -> Iterator[Finding]:
    """Find them; the name and the quotes stay."""
    for stem, kind in _STEMS:
        at = lowered.find(stem)
        while at >= 0:
            found = _after(text, at, at + len(stem), kind)
            if found is not None:
                yield found
            at = lowered.find(stem, at + len(stem))


def _after(text: str, start: int, end: int, kind: _Kind) -> Finding | None:
    suffix = _SUFFIX.match(text, end)
    separator = _SEPARATOR.match(text, suffix.end() if suffix else end)
    if separator is None:
        return None
    before = text[max(0, start - 80, text.rfind("\n", 0, start) + 1) : start]
    named = _named(before, text[start:end], kind)
    if named is None:
        return None
    place = _place(text, separator, before, text[start:end])
    if place is None or place.start >= place.end:
        return None
    value = text[place.start : place.end]
    if not _is_secret(value, kind, place):
        return None
    return Finding("password" if kind is _Kind.PASSWORD else "keyed-secret", ((place.start, place.end),))


def _named(before: str, stem: str, kind: _Kind) -> str | None:
    """Return the name that ends in the stem; None when it names no secret."""
    name = before[-40:].rstrip("_-. ")
    words = _WORDS.findall(name)
    last = words[-1].lower() if words and name.endswith(words[-1]) else ""
    glued = bool(before) and (before[-1].isascii() and before[-1].isalpha()) and not stem[:1].isupper()
    lowered = stem.lower()
    if last in HARMLESS and kind is _Kind.KEY:
        return None
    if lowered == "key" and not (last in KEYS_THAT_OPEN or any(last.endswith(w) for w in ("secret", "api"))):
        return None
    if lowered in {"pass", "signature", "sig", "webhook", "auth"} and glued:
        return None
    if lowered == "-team" and last != "honeycomb":
        return None
    if lowered == "キー" and not re.search(r"(?:API|アクセス|シークレット|秘密)$", before, re.IGNORECASE):
        return None
    return lowered


def _place(text: str, separator: re.Match[str], before: str, stem: str) -> _Place | None:
    blank = separator["blank"] is not None
    lead = _LEAD.match(text, separator.end())
    if lead is None:
        return None
    flag = "-" in before and _FLAG.search(before) is not None
    netrc = blank and "login" in before and _NETRC.search(before) is not None
    below = lead["below"] is not None
    loose = (blank and not flag and not netrc) or below
    if blank and flag and separator["blank"] != " " * len(separator["blank"]):
        flag = False
    start = lead.end()
    quote = lead["quote"]
    variable = separator["sign"] == "=" and _VARIABLE.search(before + stem) is not None and stem.isupper()
    if quote:
        end = _closing(text, start, quote)
        if end is not None:
            return _Place(start, end, quoted=True, sure=not below and not blank, loose=loose)
    bare = (_WHOLE if variable else _BARE).match(text, start, start + _LONGEST)
    if bare is None:
        return None
    end = start + len(bare[0].rstrip("\"'`)]}>.,;:*_~\\|"))
    if below and text[end : end + 40].split("\n", maxsplit=1)[0].strip("`*_ ,;\"'"):
        return None
    with_user = "=" in before and _WITH_USER.search(before) is not None
    return _Place(start, end, quoted=False, sure=variable or flag or netrc or with_user, loose=loose)


def _closing(text: str, start: int, quote: str) -> int | None:
    mark = _CLOSING.get(quote, quote)
    line_end = text.find("\n", start, start + _LONGEST)
    limit = min(len(text), start + _LONGEST) if line_end < 0 else line_end
    end = text.find(mark, start, limit)
    while end > start and not mark.startswith("\\") and text[end - 1] == "\\" and end + 1 < limit:
        end = text.find(mark, end + 1, limit)
    return None if end < 0 else end


def _is_secret(value: str, kind: _Kind, place: _Place) -> bool:
    if is_stand_in(value) or is_reference(value):
        return False
    if place.loose:
        if kind is _Kind.PASSWORD:
            return len(value) >= 7 and not is_name(value) and is_password(value, sure=False)  # noqa: PLR2004
        return len(value) >= 16 and is_random(value) and not is_name(value)  # noqa: PLR2004 - shorter ones are ids
    match kind:
        case _Kind.PASSWORD:
            return is_password(value, sure=place.sure)
        case _Kind.KEY:
            return is_random(value) and (place.quoted or not is_name(value))

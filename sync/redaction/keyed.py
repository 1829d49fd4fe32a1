"""Secrets that are known by what stands before them: `password=…`, `"api_key": "…"`, `--token …`."""

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import Final, NamedTuple

from sync.redaction.finding import Finding
from sync.redaction.searched import Searched
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


_RULES: Final = {_Kind.PASSWORD: "password", _Kind.KEY: "keyed-secret"}
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
_SEPARATOR: Final = re.compile(
    # The rest of the name belongs to it as far as it goes.
    r"(?>(?:ord|ort|e|d|s)?(?:[_-]?(?:value|string|base|base64|b64|raw|plain|v?[0-9]{1,2}|dev|development|prod|production|"
    r"stage|staging|live|sandbox|primary|secondary|default|old|new|current|backup|main|admin|root|user|db|urlsafe))*)"
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
_SEEN_BEFORE: Final = 80
_CLOSING: Final = {"「": "」", "『": "』", "“": "”", "‘": "’"}
_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\x00-\x7f\ud800]+")
_WHOLE_WORDS: Final = frozenset(("pass", "signature", "sig", "webhook", "auth"))
_KEY_IN_JAPANESE: Final = re.compile(r"(?:API|アクセス|シークレット|秘密)$", re.IGNORECASE)
_FLAG: Final = re.compile(r"--?(?:[A-Za-z][\w-]*)?", re.ASCII)
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_OF_FLAGS: Final = f"{_LETTERS}0123456789_-"
_BEFORE_FLAGS: Final = frozenset(("", *" \t\n\r\f\v\"'`[("))
_NETRC: Final = re.compile(r"\blogin[ \t]+\S+[ \t]+$")
_USER: Final = re.compile(r"\b(?:user|user id|uid|username|login|host|server)[ \t]?\Z", re.IGNORECASE)
_LONGEST_USER: Final = len(" username ")
_NEAR_USER: Final = 60
_VARIABLE: Final = re.compile(r"(?:^|[\s\"'`$(*_+「])[A-Z][A-Z0-9_]*$", re.ASCII)


class _Place(NamedTuple):
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


def find(searched: Searched) -> Iterator[Finding]:
    """Find them; the name and the quotes stay."""
    text = searched.text
    judged: dict[tuple[str, str, bool, bool, bool], bool] = {}
    for stem, kind in _STEMS:
        rule = _RULES[kind]
        for at in searched.starts(stem):
            place = _after(text, at, at + len(stem), kind)
            if place is None:
                continue
            value = text[place.start : place.end]
            question = (value, rule, place.quoted, place.sure, place.loose)
            if (secret := judged.get(question)) is None:
                secret = judged[question] = _is_secret(value, kind, place)
            if secret:
                yield Finding(rule, ((place.start, place.end),))


def _after(text: str, start: int, end: int, kind: _Kind) -> _Place | None:
    """Return where the value of this name stands; None when this is no name of a secret, or has no value."""
    separator = _SEPARATOR.match(text, end)
    if separator is None:
        return None
    seen = max(0, start - _SEEN_BEFORE)
    before = text[max(seen, text.rfind("\n", seen, start) + 1) : start]
    if not _names_a_secret(before, text[start:end], kind):
        return None
    place = _place(text, separator, before, text[start:end])
    return None if place is None or place.start >= place.end else place


def _names_a_secret(before: str, stem: str, kind: _Kind) -> bool:
    """Tell whether the name that ends in the stem is one of a secret."""
    lowered, before_it = stem.lower(), before[-1:]
    glued = before_it.isascii() and before_it.isalpha() and not stem[:1].isupper()
    possible = not (glued and lowered in _WHOLE_WORDS)
    if kind is _Kind.PASSWORD or not possible:
        return possible
    last = _last_word(before)
    match lowered:
        case _ if last in HARMLESS:
            return False
        case "key":
            return last in KEYS_THAT_OPEN or last.endswith(("secret", "api"))
        case "-team":
            return last == "honeycomb"
        case "キー":
            return _KEY_IN_JAPANESE.search(before) is not None
        case _:
            return True


def _last_word(before: str) -> str:
    name = before[-40:].rstrip("_-. ")
    letters = name[len(name.rstrip(_LETTERS)) :]
    words = _WORDS.findall(letters or name)
    return words[-1].lower() if words and name.endswith(words[-1]) else ""


def _place(text: str, separator: re.Match[str], before: str, stem: str) -> _Place | None:
    blank = separator["blank"] is not None
    lead = _LEAD.match(text, separator.end())
    if lead is None:
        return None
    flag = "-" in before and _ends_in_flag(before)
    netrc = blank and "login" in before and _NETRC.search(before) is not None
    below = lead["below"] is not None
    loose = (blank and not flag and not netrc) or below
    if blank and flag and separator["blank"] != " " * len(separator["blank"]):
        flag = False
    start = lead.end()
    quote = lead["quote"]
    variable = separator["sign"] == "=" and stem.isupper() and _VARIABLE.search(before + stem) is not None
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
    with_user = "=" in before and _comes_with_a_user(before)
    return _Place(start, end, quoted=False, sure=variable or flag or netrc or with_user, loose=loose)


def _comes_with_a_user(before: str) -> bool:
    """Tell whether `user=…` stands before the name, with no other sign of equality between."""
    equals = before.rfind("=")
    named = before[max(equals - _LONGEST_USER, 0) : equals]
    return equals + 1 < len(before) <= equals + 1 + _NEAR_USER and _USER.search(named) is not None


def _ends_in_flag(before: str) -> bool:
    around = before.rstrip(_OF_FLAGS)
    return around[-1:] in _BEFORE_FLAGS and _FLAG.fullmatch(before, len(around)) is not None


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

"""Where the value of a name stands."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from sync.redaction.searched import Searched
from sync.redaction.secret_names import SecretKind

_SEPARATOR: Final = (
    # The rest of the name belongs to it as far as it goes; what its words begin with is asked first.
    r"""(?>(?:or[dt]|[eds])?(?:[_-]?(?=[0-9abcdlmnoprsuv])(?:value|string|base|base64|b64|raw|plain|v?[0-9]{1,2}|"""
    r"""dev|development|prod|production|stage|staging|live|sandbox|primary|secondary|default|old|new|current|"""
    r"""backup|main|admin|root|user|db|urlsafe))*)"""
    r"""(?P<close>[\\"'`*_~\])]{0,8}(?:</[a-z0-9]{1,10}>)?[`*]{0,2})"""
    r"""(?:[ \t]{0,3}\([^()\n]{0,40}\)[*_`]{0,3}|[ \t]for [\w.@-]{1,40}|[ \t][0-9]{1,2}(?=:)"""
    r"""|[ \t](?:field|input|box|textbox)["'`])?[ \t]{0,20}"""
    r"""(?:(?P<attribute>(?=[,\s"'`dv])"""
    r"""(?:,\s{0,60}+"(?:ref|type|target|selector)":[ \t]?"[^"\n]{0,80}"){0,3}"""
    r""",?\s{0,60}+(?:["'`]?(?:value|default)["'`]?|"text")[ \t]{0,3}[:=])"""
    r"""|(?P<sign>:=|=>|->|={1,3}|\?[?:]|[:：＝→>]|\|{1,2}|<t[dh][^<>\n]{0,60}>|,(?=[ \t]?["'`])"""
    r"""|\.(?:fill|type|setValue|sendKeys|send_keys|pressSequentially|press_sequentially)\((?=["'`]))"""
    r"""|(?P<blank>[ \t]{1,4}"""
    r"""(?:(?:(?:(?:is |was |has been |I )?(?:set|changed|reset|updated|rotated)[ \t])?(?:to|is)"""
    r"""|was|ist|of|as|はこちら)[ \t]*[:=]?[ \t]{1,4})?|は|[ \t]{0,4}$))"""
)
_LEAD: Final = (
    r"""[ \t]{0,20}(?P<below>\n{1,2}[ \t>]{0,20}(?:[-*+] )?(?:```[a-z]{0,12}\n[ \t]{0,8})?)?"""
    r"""[*_~]{0,3}[ \t]{0,4}(?:(?:str|string|&str|text)[ \t]?=[ \t]?)?"""
    r"""(?:<(?:code|td|b|strong|span)>)?(?:[rbfu](?=["']))?"""
    r"""(?P<quote>\\{0,3}["'`]{1,2}|[「『“‘])?"""
)
_BARE: Final = re.compile(
    r"""(?:[!#-%(-+\--:=?-_a-{}~]++|[,;&](?!\s|$|[\w.%-]{1,40}[:=])|[|>](?![\s|])(?=[^\s"'`|<>]{2}))+"""
)
_WHOLE: Final = re.compile(r"[!-~]+")
_LONGEST: Final = 6_000
_CLOSING: Final = {"「": "」", "『": "』", "“": "”", "‘": "’"}
_FLAG: Final = re.compile(r"--?(?:[A-Za-z][\w-]*)?", re.ASCII)
_OF_FLAGS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
_BLANKS: Final = " \t"
_BEFORE_FLAGS: Final = frozenset(("", *" \t\n\r\f\v\"'`[("))
_LOOSE_SIGNS: Final = frozenset((",", "→", "->", ">", "|", "||"))
_VERBS: Final = frozenset(("pass", "pwd"))
"""Names that are words of their own, too: what stands beside them in a list or a table may be any other."""

_NETRC: Final = re.compile(r"\blogin[ \t]+\S+[ \t]+$")
_USER: Final = re.compile(r"\b(?:user|user id|uid|username|login|host|server)[ \t]?\Z", re.IGNORECASE)
_LONGEST_USER: Final = len(" username ")
_NEAR_USER: Final = 60
_VARIABLE: Final = re.compile(r"(?:^|[\s\"'`$(*_+「])[A-Z][A-Z0-9_]*$", re.ASCII)


class ValuePlace(NamedTuple):
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


def bridges(searched: Searched, stem: str, kind: SecretKind) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield where a stem begins, and its bridge to a value that is long enough, each time that one is."""
    text, width = searched.text, len(stem)
    usually, firmly = _BRIDGE[kind].match, _FIRM_BRIDGE[kind].match
    firm_behind = _OF_FLAGS + (_BLANKS if searched.holds("login") else "")
    for start in searched.starts(stem):
        match = firmly if text[start - 1 : start] in firm_behind else usually
        if (bridge := match(text, start + width)) is not None:
            yield start, bridge


def _bridge(kind: SecretKind, *, firm: bool) -> re.Pattern[str]:
    """Compile what stands between a name and a long enough value; firm: a blank is as good as a sign."""
    least, loose = (
        rf"(?(quote)[{_SIGNS[kind]}]{{{length}}}|[!-~]{{{length}}})"
        for length in (_SHORTEST[kind], SHORTEST_LOOSE[kind])
    )
    behind_blank = least if firm else loose
    return re.compile(
        rf"(?>{_SEPARATOR})(?>{_LEAD})(?=(?(below){loose}|(?(blank){behind_blank}|{least})))",
        re.IGNORECASE | re.MULTILINE,
    )


SHORTEST_LOOSE: Final = {SecretKind.PASSWORD: 7, SecretKind.KEY: 16}
"""The length of the shortest value that nothing but a blank or a line end parts from its name."""

_SHORTEST: Final = {SecretKind.PASSWORD: 4, SecretKind.KEY: 8}
_SIGNS: Final = {SecretKind.PASSWORD: r"\x00-\x09\x0b-\x7f", SecretKind.KEY: r"\x00-\x09\x0b-\x1f!-\x7f"}
"""What a value in quotes may consist of; without quotes, of visible signs."""

_BRIDGE: Final = {kind: _bridge(kind, firm=False) for kind in SecretKind}
_FIRM_BRIDGE: Final = {kind: _bridge(kind, firm=True) for kind in SecretKind}
"""Where the name may be a flag's, or stand behind a login."""


def place_of_value(text: str, bridge: re.Match[str], before: str, stem: str) -> ValuePlace | None:
    """Return where the value stands; None when what follows the name is none."""
    sign, blank, below, quote = bridge.group("sign", "blank", "below", "quote")
    flag = "-" in before and _ends_in_flag(before)
    netrc = blank is not None and "login" in before and _NETRC.search(before) is not None
    loose = (blank is not None and not flag and not netrc) or below is not None
    if blank is not None and flag and blank.strip(" "):
        flag = False
    start = bridge.end()
    variable = sign == "=" and stem.isupper() and _VARIABLE.search(before + stem) is not None
    if quote:
        end = _closing(text, start, quote)
        if end is not None:
            sure = below is None and blank is None and not (sign in _LOOSE_SIGNS and stem.lower() in _VERBS)
            return ValuePlace(start, end, quoted=True, sure=sure, loose=loose)
    bare = (_WHOLE if variable else _BARE).match(text, start, start + _LONGEST)
    if bare is None:
        return None
    end = start + len(bare[0].rstrip("\"'`)]}>.,;:*_~\\|"))
    if below and text[end : end + 40].split("\n", maxsplit=1)[0].strip("`*_ ,;\"'"):
        return None
    with_user = "=" in before and _comes_with_a_user(before)
    return ValuePlace(start, end, quoted=False, sure=variable or flag or netrc or with_user, loose=loose)


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

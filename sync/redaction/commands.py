"""Passwords that are typed into commands."""

import re
from collections.abc import Iterator

from sync.redaction.finding import SecretFinding
from sync.redaction.searched import Searched
from sync.redaction.strength import is_password, is_random, is_reference, is_stand_in, is_wordy

_ARGUMENT = r"""["'`]?(?P<secret>[^\s"'`]{4,300})"""
_QUOTED = r"""["'](?P<secret>[^"'\n]{4,300})"""
_NO_WORD = r"""(?=["'][^"'\n]{0,300}[^"'\na-z_])"""
_LINE = r"[^\n|]{0,300}?"
_REACH = 1_000
"""Characters behind a command in which the first sign of its password must stand."""

_LONGEST_HOST = 100

_USER = r"[\"'`]?[^\s:\"'`]{0,100}"
_AFTER_USER = r"(?P<secret>[^\s\"'`]{3,300})"
_READER = (
    r"(?:sudo(?=[^\n|]{0,60}\s(?:-[A-Za-z]{0,5}S|--stdin)\b)"
    r"|(?:sudo[ \t]+)?(?:\S{1,40} login|passwd|chpasswd|gpg|openssl|su))"
)
_COLON = r"[\"'`*_]{0,3}[ \t]?[:=][ \t*_`\"']{0,4}"
_LOGIN = (
    r"(?!(?:arn|https?):)(?=[\d.@-]{0,60}[A-Za-z_])[\w.@-]{1,60}`?[ \t]?[/:,][ \t]?"
    rf"(?![A-Za-z_]\w{{0,40}}(?:=|:\s)){_ARGUMENT}"
)
"""A user and his password; what has a sign of equality or a colon behind it is the next name."""

_PAIR = rf"\([\"'][^\"'\n]{{1,100}}[\"'],[ ]?{_QUOTED}"

_COMMANDS = tuple(
    (word, mark, re.compile(pattern, re.ASCII))
    for word, mark, pattern in (
        ("curl", "-", rf"{_LINE}\s(?:-[A-Za-z]{{0,5}}u|--user|--proxy-user)[ =]?{_USER}:{_AFTER_USER}"),
        ("ldap", "-w", rf"(?:search|add|modify|delete|whoami|passwd|compare){_LINE}\s-w ?{_ARGUMENT}"),
        ("sudo ", "<<<", rf"(?:-[A-Za-z]{{0,5}}S|--stdin)\b[^\n|]{{0,100}}?<<< ?{_ARGUMENT}"),
        ("cqlsh", "-p", rf"{_LINE}\s-p ?{_ARGUMENT}"),
        ("rabbitmqadmin", "-p", rf"{_LINE}\s-p ?{_ARGUMENT}"),
        ("twine", "-p", rf"{_LINE}\s-p ?{_ARGUMENT}"),
        ("mosquitto_", "-P", rf"{_LINE}\s-P ?{_ARGUMENT}"),
        ("sqlplus", "@", r"\s[\"']?[\w.]{1,60}/(?P<secret>[^\s\"'/@]{4,60})@"),
        ("mysql", "-p", rf"{_LINE}\s-p{_ARGUMENT}"),
        ("mariadb", "-p", rf"{_LINE}\s-p{_ARGUMENT}"),
        ("sshpass", "-p", rf"{_LINE}\s?-p ?{_ARGUMENT}"),
        ("login", "-p", rf"[^\n|]{{0,200}}?\s-p[ =]?{_ARGUMENT}"),
        ("redis-cli", "-a", rf"{_LINE}\s-a ?{_ARGUMENT}"),
        ("htpasswd", "-", rf"\s-\w*b\w*\s+\S{{1,200}}\s+\S{{1,100}}\s+{_ARGUMENT}"),
        ("smbclient", "-U", rf"{_LINE}\s-U ?[\"']?[\w\\.]{{1,80}}%(?P<secret>[^\s\"'`]{{4,200}})"),
        ("sqlcmd", "-P", rf"{_LINE}\s-P ?{_ARGUMENT}"),
        ("mongo", "-p", rf"{_LINE}\s(?:-p|--password)[ =]?{_ARGUMENT}"),
        ("7z", "-p", rf"{_LINE}\s-p{_ARGUMENT}"),
        ("zip", "-P", rf"{_LINE}\s-P ?{_ARGUMENT}"),
        ("identified", " BY ", rf"(?: WITH \w{{1,40}})? BY (?:PASSWORD )?{_QUOTED}"),
        ("identified", " by ", rf"(?: with \w{{1,40}})? by (?:password )?{_NO_WORD}{_QUOTED}"),
        ("securestring", "", r"\s(?:-String )?[\"'](?P<secret>[^\"'\n]{4,200})"),
        ("echo", "|", rf"\s+(?:-n\s+)?{_ARGUMENT}[\"']?[ \t]*\|[ \t]*{_READER}\b"),
        ("credential", "", rf"s?{_COLON}{_LOGIN}"),
        ("creds", "", rf"{_COLON}{_LOGIN}"),
        ("login", "", rf"{_COLON}{_LOGIN}"),
        ("auth=", "(", _PAIR),
        ("basicauth", "(", _PAIR),
        ("passin", "pass:", r"[ =][\"']?pass:(?P<secret>[^\s\"'`]{4,200})"),
        ("passout", "pass:", r"[ =][\"']?pass:(?P<secret>[^\s\"'`]{4,200})"),
        ("-pass", "pass:", r" [\"']?pass:(?P<secret>[^\s\"'`]{4,200})"),
    )
)
"""The command, what stands in every use of it that holds a password, and the whole of what follows."""

_OTHERS = tuple(command for command in _COMMANDS if command[1].lower() != "-p")
"""The commands that do not take a password behind `-p`."""

_WORDS = (
    ("mnemonic", re.compile(rf"{_COLON}(?P<secret>(?:[a-z]{{3,8}} ){{11,23}}[a-z]{{3,8}})")),
    ("seed", re.compile(rf"(?: words)?{_COLON}(?P<secret>(?:[a-z]{{3,8}} ){{11,23}}[a-z]{{3,8}})")),
    ("phrase", re.compile(rf"{_COLON}(?P<secret>(?:[a-z]{{3,8}} ){{11,23}}[a-z]{{3,8}})")),
    ("password", re.compile(rf"{_COLON}(?P<secret>[a-z]{{4}}(?: [a-z]{{4}}){{3}})(?![\w ])")),
)
"""Secrets of several words: the seed of a wallet, the password that a mail provider makes for a program."""

_PGPASS = re.compile(
    r":(?:[0-9]{4,5}|\*):(?:[A-Za-z_][\w-]{0,62}|\*):(?:[A-Za-z_][\w.@-]{0,62}|\*):(?P<secret>(?:(?![:\"'`])[!-~]){4,200})"
)


def find(searched: Searched) -> Iterator[SecretFinding]:
    """Find the passwords that are typed into commands; the command stays."""
    text = searched.text
    for word, mark, pattern in _COMMANDS if searched.holds("-p") else _OTHERS:
        for end in _ends(word, mark, searched) if searched.holds(word) else ():
            found = pattern.match(text, end)
            if found is not None and _is_secret(found["secret"]):
                yield SecretFinding("command-password", (found.span("secret"),))
    for word, pattern in _WORDS:
        for end in searched.ends(word):
            found = pattern.match(text, end)
            if found is not None and (len(found["secret"]) > 20 or not is_wordy(found["secret"])):  # noqa: PLR2004
                yield SecretFinding("password", (found.span("secret"),))
    for found in _PGPASS.finditer(text):
        if _is_secret(found["secret"]) and (
            is_random(found["secret"]) or _begins_a_line(text, found.start())
        ):
            yield SecretFinding("pgpass", (found.span("secret"),))


def _ends(word: str, mark: str, searched: Searched) -> Iterator[int]:
    """Yield where the word ends each time that the mark stands behind it near enough."""
    text, lowered = searched.text, searched.lowered
    at, sign = lowered.find(word), -1
    while at >= 0:
        end = at + len(word)
        if sign < end:
            sign = text.find(mark, end)
            if sign < 0:
                return
        if sign - end <= _REACH:
            yield end
            at = lowered.find(word, end)
        else:
            at = lowered.find(word, max(end, sign - _REACH - len(word)))


def _is_secret(value: str) -> bool:
    stands_elsewhere = is_stand_in(value) or is_reference(value) or value.startswith("-")
    return not stands_elsewhere and is_password(value, sure=True)


def _begins_a_line(text: str, colon: int) -> bool:
    """Tell whether only a host stands between the start of the line and the colon."""
    seen = max(colon - _LONGEST_HOST, 0)
    start = text.rfind("\n", seen, colon)
    if start < 0 < seen:
        return False
    host = text[start + 1 : colon]
    return 0 < len(host) < _LONGEST_HOST and " " not in host.strip()

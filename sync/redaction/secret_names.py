"""Whether a name is that of a secret, and of which kind."""

import re
from enum import Enum, auto
from typing import Final

from sync.redaction.words import HARMLESS, KEYS_THAT_OPEN


class SecretKind(Enum):
    """Who makes the secret."""

    PASSWORD = auto()  # people choose it: weak ones are secrets, too
    KEY = auto()  # machines make it: what is no random text is none


STEMS: Final = (
    ("passw", SecretKind.PASSWORD),
    ("passphrase", SecretKind.PASSWORD),
    ("passcode", SecretKind.PASSWORD),
    ("pass", SecretKind.PASSWORD),
    ("pwd", SecretKind.PASSWORD),
    ("pw", SecretKind.PASSWORD),
    ("パスワード", SecretKind.PASSWORD),
    ("contraseña", SecretKind.PASSWORD),
    ("kennwort", SecretKind.PASSWORD),
    ("secret", SecretKind.KEY),
    ("secret_id", SecretKind.KEY),
    ("token", SecretKind.KEY),
    ("key", SecretKind.KEY),
    ("キー", SecretKind.KEY),
    ("トークン", SecretKind.KEY),
    ("シークレット", SecretKind.KEY),
    ("credential", SecretKind.KEY),
    ("auth", SecretKind.KEY),
    ("sig", SecretKind.KEY),
    ("signature", SecretKind.KEY),
    ("-team", SecretKind.KEY),
    ("webhook", SecretKind.KEY),
)
"""What names of secrets end in, or hold."""

_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\x00-\x7f\ud800]+")
_WHOLE_WORDS: Final = frozenset(("pass", "pw", "signature", "sig", "webhook", "auth"))
_BEFORE_PASS: Final = ("store", "key", "require", "db", "root", "admin", "smtp", "mail", "ftp", "sudo")
"""What is written in one word with `pass`."""

_NO_SECRET: Final = re.compile(r"(?:^|[^a-z0-9])1$|/etc/$|public[_-]?key[_-]?$", re.IGNORECASE)
"""What makes another name of it: a product, a file, the name of an assembly."""

_OF_NO_SECRET: Final = frozenset("1/yY_-")
"""What that ends in."""
_KEY_IN_JAPANESE: Final = re.compile(r"(?:API|アクセス|シークレット|秘密)$", re.IGNORECASE)


def names_a_secret(before: str, stem: str, kind: SecretKind) -> bool:
    """Tell whether the name that ends in the stem is one of a secret."""
    lowered, before_it = stem.lower(), before[-1:]
    glued = before_it.isascii() and before_it.isalpha() and not stem[:1].isupper()
    another = before_it in _OF_NO_SECRET and _NO_SECRET.search(before, max(len(before) - 12, 0)) is not None
    possible = not another and (
        not (glued and lowered in _WHOLE_WORDS)
        or (lowered == "pass" and before.lower().endswith(_BEFORE_PASS))
    )
    if kind is SecretKind.PASSWORD or not possible:
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

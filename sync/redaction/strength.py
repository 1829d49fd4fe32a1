"""Whether a text is a secret by the look of it: random rather than words, and no stand-in for one."""

import hashlib
import re
from operator import add

from sync.redaction.words import COMMON_PAIRS, NO_PASSWORDS

OPAQUE = "\ud800"
"""Stands where something was taken out already: no rule reads across it. Half a character, as no text has."""

_STAND_IN = re.compile(
    r"""\ud800|\.\.\.|…|\*{3,}|([xX*.0#_-])\1{5,}|example|placeholder|redacted|changeme|change[_-]me|censored"""
    r"""|\byour[_-]?(?:\w|$)|<[^<>]{1,60}>|\$\{|\{\{|\$\(|%\(|^\{(?!\w*[0-9][A-Za-z])[\w.|\[\]]{1,80}\}?(?:\\[nrt])*$|^\[#[0-9]+\]|\[\^?(?:a-z|0-9|\\w)|^%[\w]{1,40}%$|^%[sdrq]$"""
    r"""|^\[[\w .:-]{1,60}\]$|^[xX*.?•●-]{3,}$""",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"""\$[A-Za-z_]\w*$|\$env:|(?:os\.|process\.env|import\.meta|env[.\[(]|secrets?\.|vars?\.|config[.\[]"""
    r"""|settings[.\[]|self\.|this\.|data\.|local\.|module\.|args\.|params\.|request\.|req\.|ctx\.|options\."""
    r"""|op://|vault:|ssm:|sm://|arn:|ref\+|file:|https?://|kms:|env:|secretmanager|keyvault|@Microsoft\.KeyVault"""
    r"""|ENC\[|projects/|/run/|/var/|/etc/|/home/|/usr/|/tmp/|~/|\./|\.\./|!|getpass|input\()""",
    re.IGNORECASE,
)
_TERNARY = re.compile(r"[\w.]{1,30}\?[^:\s]{1,40}:[\w.]")
_CALL = re.compile(r"[A-Za-z_][\w.]*[\[(]")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_LONG_NUMBER = re.compile(r"[0-9]{9}")
"""Longer than a date."""

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HEX_OR_UUID = re.compile(rf"[0-9a-fA-F]{{16,}}|{_UUID.pattern}")
_SEPARATED = re.compile(r"[-_./ :]")


# Keys that documentation prints, so that everybody knows them; hashed, lest this file be taken for a leak.
_PRINTED = frozenset(
    (
        "826e0fd9a88ef5e1",  # Stripe
        "2e12236193731ba6",  # Stripe
        "6e9c4b146acd9dcd",  # Stripe
        "8eb5d57d786f118d",  # jwt.io
        "569da05e831e1577",  # jwt.io
        "628b475502b55284",  # jwt.io
        "f58ddb4b81ed1ff4",  # RFC 7519
        "a05b8aa8899378c2",  # RFC 7617
        "f3cc1935c5262580",  # RFC 2617
        "ac2bca0dd4b8a809",  # RFC 7617
        "f3c505fbeb56b08c",  # user:pass
        "051def1588f9ab3d",  # username:password
        "c2945bcd936cf1d3",  # RFC 6750
        "e6d1b65208cb54f6",  # RFC 6749
        "9a119b06a213486f",  # RFC 6749
        "fc9f94683b968d58",  # RFC 6749
        "3c699e6dc455b6cd",  # RFC 6749
        "20e88191d76dc156",  # Azurite
        "a0cd0c6c4376db1a",  # Azurite
        "76449d3eb6d5ca57",  # Cosmos emulator
        "cd05f3a17b7cf062",  # Cosmos emulator
        "c87e7d0454b975d9",  # GitHub
        "797efb586569f544",  # GitHub
        "f835c548a0d28e8d",  # Google
        "44abb3ae90f29254",  # Slack
    )
)


def is_stand_in(value: str) -> bool:
    """Tell whether it stands for a secret instead of being one: a placeholder, a mask, a printed example."""
    return (
        not value
        or _STAND_IN.search(value[:200]) is not None
        or len(set(value)) <= 2  # noqa: PLR2004 - a row of one sign, perhaps with a separator
        or printed_hash(value) in _PRINTED
        or ("." in value and printed_hash(value.rpartition(".")[2]) in _PRINTED)
    )


def printed_hash(value: str) -> str:
    """Return the hash by which `_PRINTED` knows a value that is printed in documentation."""
    return hashlib.blake2b(value.encode("utf-8", "replace"), digest_size=8).hexdigest()


def is_reference(value: str) -> bool:
    """Tell whether it says where a secret is: a variable, a call, a path, a place in a vault."""
    return (
        _REFERENCE.match(value) is not None
        or _CALL.match(value) is not None
        or _TERNARY.match(value) is not None
    )


def is_wordy(value: str) -> bool:
    """Tell whether it is made of words, as names and paths are, with perhaps a number at their side."""
    words = [word.lower() for word in _WORDS.findall(value)]
    if not words or sum(map(len, words)) < 3 * len(words) or _LONG_NUMBER.search(value):
        return False
    pairs = [pair for word in words for pair in map(add, word, word[1:])]
    return sum(map(COMMON_PAIRS.__contains__, pairs)) >= 0.7 * len(pairs)


def is_name(value: str) -> bool:
    """Tell whether it is words with separators between them."""
    return _SEPARATED.search(value) is not None and is_wordy(value)


def is_uuid(value: str) -> bool:
    """Tell whether it is a UUID."""
    return _UUID.fullmatch(value) is not None


def is_random(value: str) -> bool:
    """Tell whether it is a key or token by its look: no words, enough signs, letters among digits."""
    if len(value) < 8 or not value.isascii() or " " in value:  # noqa: PLR2004 - shorter ones are found in anything
        return False
    if _HEX_OR_UUID.fullmatch(value):
        return not value.isdecimal() or len(value) >= 32  # noqa: PLR2004 - the length of a hash
    letters, digits = sum(map(str.isalpha, value)), sum(map(str.isdigit, value))
    mixed = value.lower() != value != value.upper()
    # More letters than a date has; without digits, more than a word has.
    many = (letters >= 3 and (digits >= 2 or (digits > 0 and mixed))) or (  # noqa: PLR2004
        letters >= (12 if mixed else 16) and not _SEPARATED.search(value)
    )
    return many and not is_wordy(value)


def is_password(value: str, *, sure: bool) -> bool:
    """Tell whether what follows the word password is one.

    Args:
        value: Without quotes.
        sure: It stands where only a password can: in quotes, or behind an environment variable.
    """
    if len(value) < 4 or " " in value.strip():  # noqa: PLR2004 - a word, or a sentence
        return False
    if value.lower() in NO_PASSWORDS or not value.isascii():
        return False
    if _CHOICE.fullmatch(value):
        return False
    one_word = _SEPARATED.search(value) is None
    if _SIGN.search(value) or (len(value) >= 6 and one_word and not value.isalpha()):  # noqa: PLR2004
        return True
    plain = (value.isalpha() and not is_random(value)) or is_wordy(value)
    return sure or not plain


_CHOICE = re.compile(r"[A-Za-z_-]+(?:\|[A-Za-z_-]+)+")
_SIGN = re.compile(r"[!#%^*+~?@&](?!$)")

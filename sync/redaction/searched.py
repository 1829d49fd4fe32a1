"""A text that is looked through for many words: none is looked for in vain when a part of it is not there."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Final

from sync.redaction.rows import Rows, rows_of

_PARTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "pass": (
            *("passw", "passphrase", "passcode", "password", "passin", "passout", "-pass"),
            *("sshpass", "htpasswd"),
        ),
        "pw": ("pwd",),
        "secret": ("secret_id",),
        "auth": ("auth=", "basicauth", "authorization", "otpauth:"),
        "sig": ("signature",),
        "cred": ("credential", "creds"),
        "sql": ("mysql", "sqlcmd", "sqlplus"),
        "contrase": ("contraseña",),
        "ー": ("パスワード", "キー", "トークン", "シークレット"),
    }
)
_PART_OF: Final[Mapping[str, str]] = MappingProxyType(
    {word: part for part, words in _PARTS.items() for word in words}
)


class Searched:
    """A text, the same in lower case, and which words are known not to be in it.

    Attributes:
        text: As it is.
        lowered: With small letters for all that have any in ASCII; no other letter is what it was.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        # Besides A to Z only these two have them. One byte a character is lowered and searched fastest.
        latin = text.replace("İ", "I").replace("\N{KELVIN SIGN}", "K").encode("latin-1", "replace")
        self.lowered = latin.lower().decode("latin-1")
        self._holds: dict[str, bool] = {}

    @cached_property
    def rows(self) -> Rows:
        """The long rows of signs in the text."""
        return rows_of(self.text)

    def holds(self, word: str) -> bool:
        """Tell whether a word in lower case is in the text."""
        if (known := self._holds.get(word)) is None:
            part = _PART_OF.get(word)
            known = (part is None or self.holds(part)) and word in self._lowered(word)
            self._holds[word] = known
        return known

    def starts(self, word: str) -> Sequence[int]:
        """Return where a word begins, in lower case, each time that it does."""
        if not self.holds(word):
            return ()
        lowered, found = self._lowered(word), []
        at = lowered.find(word)
        while at >= 0:
            found.append(at)
            at = lowered.find(word, at + len(word))
        return found

    def ends(self, word: str) -> Sequence[int]:
        """Return where a word ends, each time that it does."""
        return [at + len(word) for at in self.starts(word)]

    def _lowered(self, word: str) -> str:
        if word.isascii():
            return self.lowered
        return self.text if word == word.upper() else self._lowered_in_full

    @cached_property
    def _lowered_in_full(self) -> str:
        # Only İ has a small letter of another length, and places must stay what they are.
        return self.text.replace("İ", "I").lower()

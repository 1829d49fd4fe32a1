"""A text that is looked through for many words: none is looked for in vain when a part of it is not there."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

_PARTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "pass": (
            *("passw", "passphrase", "passcode", "password", "passin", "passout", "-pass"),
            *("sshpass", "htpasswd"),
        ),
        "auth": ("authorization",),
        "sig": ("signature",),
        "cred": ("credential", "creds"),
        "sql": ("mysql", "sqlcmd"),
    }
)
_PART_OF: Final[Mapping[str, str]] = MappingProxyType(
    {word: part for part, words in _PARTS.items() for word in words}
)


class Searched:
    """A text, the same in lower case, and which words are known not to be in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        # Only İ has a lower case of another length, and places must stay what they are.
        self.lowered = text.replace("İ", "I").lower()
        self._holds: dict[str, bool] = {}

    def starts(self, word: str) -> Iterator[int]:
        """Yield where a word begins, in lower case, each time that it does."""
        at = self.first(word)
        while at >= 0:
            yield at
            at = self.lowered.find(word, at + len(word))

    def first(self, word: str) -> int:
        """Return where a word in lower case begins for the first time; -1 when it does not."""
        return self.lowered.find(word) if self._may_hold(word) else -1

    def ends(self, word: str) -> Iterator[int]:
        """Yield where a word ends, each time that it does."""
        return (at + len(word) for at in self.starts(word))

    def holds(self, word: str) -> bool:
        """Tell whether a word in lower case is in the text."""
        if (known := self._holds.get(word)) is None:
            known = self._holds[word] = word in self.lowered
        return known

    def _may_hold(self, word: str) -> bool:
        if not word.isascii() and not any(sign in self.lowered for sign in word if not sign.isascii()):
            return False
        return word not in _PART_OF or self.holds(_PART_OF[word])

"""The conversation of the set-up: with a person at a terminal, or with nobody."""

from collections.abc import Callable
from typing import Protocol

from sync.errors import ConfigurationError


class Talk(Protocol):
    """Tell and ask whoever runs the set-up."""

    @property
    def is_attended(self) -> bool:
        """Whether a person is present to answer."""

    def tell(self, text: str = "") -> None:
        """Say a line."""

    def ask(self, question: str, *, usual: str = "") -> str:
        """Return the answer to a question, `usual` by default."""

    def ask_secret(self, question: str) -> str:
        """Return the answer to a question, which is not shown while it is typed."""

    def agrees(self, question: str) -> bool:
        """Return whether the person agrees."""


class Unattended:
    """Answer without a person: whatever the command line should have said is an error.

    Args:
        tell: Says a line.
        agreed: Whether `--yes` was given.
    """

    is_attended = False

    def __init__(self, tell: Callable[[str], object], *, agreed: bool) -> None:
        self._tell = tell
        self._agreed = agreed

    def tell(self, text: str = "") -> None:
        """Say a line."""
        self._tell(text)

    def ask(self, question: str, *, usual: str = "") -> str:
        """Return the usual answer."""
        if not usual:
            raise ConfigurationError(f"Nobody is here to answer: {question}", "Give --database ID_OR_URL")
        return usual

    def ask_secret(self, question: str) -> str:
        """Refuse: a secret has no usual answer."""
        raise ConfigurationError(f"Nobody is here to answer: {question}", "Give --token-file FILE")

    def agrees(self, question: str) -> bool:
        """Return whether agreement was given in advance."""
        if not self._agreed:
            raise ConfigurationError(
                f"Nothing was changed, for nobody is here to agree: {question}",
                "Give --yes to agree in advance",
            )
        return True

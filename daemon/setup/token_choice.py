"""Choose the token: given, found or typed, and in any case tried on Notion."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from daemon.config.credentials import checked_token, find_token
from daemon.config.secret import Secret
from daemon.config.settings import Settings
from daemon.setup.blocking_calls import BlockingCalls
from daemon.setup.talk import Talk
from sync.errors import AccessLost, ConfigurationError
from sync.notion.whoami import Bearer, whoami

_SHAPES = ("ntn_", "secret_")
_WHERE = (
    "Notion shows the token on the page of your connection in its developer portal. The connection needs the "
    "capabilities to read, insert and update content, and to read and insert comments."
)

Try = Callable[[Secret], Bearer]


@dataclass(frozen=True, slots=True)
class ChosenToken:
    """A token that Notion accepts, and its bearer."""

    token: Secret
    bearer: Bearer


def choose_token(
    given: Path | None, settings: Settings, environ: Mapping[str, str], *, talk: Talk, attempt: Try
) -> ChosenToken:
    """Return a token that Notion accepts; if a person is present, ask until there is one.

    Args:
        given: The token file from the command line; None if there is none.
        settings: The settings, in which a token may be found.
        environ: The environment, likewise.
        talk: The conversation with the person.
        attempt: Tries a token on Notion.

    Raises:
        AccessLost: Notion does not accept the token, and nobody is present to give another.
        ConfigurationError: There is no token, or the file cannot be used.
    """
    token = _read(given) if given is not None else _found(settings, environ, talk)
    while True:
        if token is None:
            token = _typed(talk)
        try:
            return ChosenToken(token, attempt(token))
        except AccessLost as lost:
            if not talk.is_attended:
                told = f"{lost.hint}. Where nobody is there to ask, a token is given by --token-file FILE"
                raise AccessLost(lost.what, told) from None
            talk.tell(f"✗ {lost.what}")  # what to do is asked next
        token = None


def attempts_on(settings: Settings, transport: httpx.AsyncBaseTransport | None) -> Try:
    """Return a function that tries a token on Notion."""

    def attempt(token: Secret) -> Bearer:
        with BlockingCalls(settings, token, transport=transport) as calls:
            return calls.ask(whoami)

    return attempt


def _read(path: Path) -> Secret:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "this is not text"
        raise ConfigurationError(
            f"The token file {path} cannot be read ({reason})", "Give --token-file the file that holds it"
        ) from None
    return checked_token(text, str(path)).token


def _found(settings: Settings, environ: Mapping[str, str], talk: Talk) -> Secret | None:
    """Return the token that the settings lead to; report an unusable one and return None."""
    try:
        found = find_token(settings, environ)
    except ConfigurationError as trouble:
        if not talk.is_attended:
            raise ConfigurationError(
                trouble.what, "Put the token into a file and give it by --token-file FILE"
            ) from None
        if settings.notion_token is not None or settings.notion_token_file is not None:
            talk.tell(f"✗ {trouble}")
        return None
    talk.tell(f"✓ Found a token in {found.source}.")
    return found.token


def _typed(talk: Talk) -> Secret:
    talk.tell(_WHERE)
    while True:
        try:
            token = checked_token(
                talk.ask_secret("Token (not shown as you paste it)"), "what you pasted"
            ).token
        except ConfigurationError as trouble:
            if not talk.is_attended:
                raise
            talk.tell(f"✗ {trouble}")
            continue
        if not token.reveal().startswith(_SHAPES):
            talk.tell(
                "  Notion's tokens begin with ntn_ or secret_; this one does not. It is tried all the same."
            )
        return token

"""Find the Notion token in the places where it may be, and check it."""

import importlib
import importlib.util
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from daemon.config.secret import Secret
from daemon.config.settings import Settings
from daemon.config.sources import APPLICATION, GONE
from sync.errors import ConfigurationError

CREDENTIAL = "notion-token"
"""The name of the systemd credential, and of the entry in the keyring."""

_HOW = (
    "Run: ai-traces setup. Other ways: NOTION_TOKEN in the environment or in .env; NOTION_TOKEN_FILE, "
    f"a file that only you can read; a systemd credential named {CREDENTIAL}; "
    f"the system keyring (keyring set {APPLICATION} {CREDENTIAL})"
)


@dataclass(frozen=True, slots=True)
class Credential:
    """The token, and where it was found, in words."""

    token: Secret
    source: str


def find_token(settings: Settings, environ: Mapping[str, str]) -> Credential:
    """Return the token from a systemd credential, NOTION_TOKEN_FILE, NOTION_TOKEN or the system keyring.

    Raises:
        ConfigurationError: There is none, or the first one found cannot be used.
    """
    directory = environ.get("CREDENTIALS_DIRECTORY")
    if directory and (passed := Path(directory, CREDENTIAL)).exists():
        return checked_token(_present(_read(passed)), "the systemd credential")
    if settings.notion_token_file is not None:
        return checked_token(_read_private(settings.notion_token_file), "NOTION_TOKEN_FILE")
    if settings.notion_token is not None:
        return checked_token(settings.notion_token.reveal(), "NOTION_TOKEN")
    stored = _from_keyring()
    if stored:
        return checked_token(stored, "the system keyring")
    raise ConfigurationError("There is no Notion token", _HOW)


def _present(text: str) -> str:
    if text.strip() == GONE:
        raise ConfigurationError(
            "The token file that the service was installed with is not there any more",
            "Run: ai-traces setup; then: ai-traces service install, as before",
        )
    return text


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "this is not text"
        raise ConfigurationError(f"The token file {path} cannot be read ({reason})", _HOW) from None


def _read_private(path: Path) -> str:
    try:
        status = path.stat()
    except OSError as error:
        raise ConfigurationError(
            f"NOTION_TOKEN_FILE {path} cannot be read ({error.strerror})", _HOW
        ) from None
    if not stat.S_ISREG(status.st_mode):
        raise ConfigurationError(f"NOTION_TOKEN_FILE {path} is not a file", _HOW)
    if status.st_uid not in {os.geteuid(), 0}:
        raise ConfigurationError(
            f"NOTION_TOKEN_FILE {path} belongs to another user, who could change it",
            f"Run: chown {os.geteuid()} {path} && chmod 600 {path}",
        )
    if status.st_mode & 0o077:
        raise ConfigurationError(
            f"NOTION_TOKEN_FILE {path} can be read by other users of this machine", f"Run: chmod 600 {path}"
        )
    return _read(path)


def _from_keyring() -> str | None:
    if importlib.util.find_spec("keyring") is None:
        return None
    keyring = importlib.import_module("keyring")
    try:
        return keyring.get_password(APPLICATION, CREDENTIAL)  # type: ignore[no-any-return]
    except Exception:  # noqa: BLE001 - a locked or absent keyring fails in many ways; all mean: no token
        return None


def checked_token(text: str, source: str) -> Credential:
    """Return a token, stripped of white space around it.

    Raises:
        ConfigurationError: It is empty or has a character that no token has.
    """
    token = text.strip()
    if not token:
        raise ConfigurationError(f"The Notion token in {source} is empty", _HOW)
    if not all("!" <= character <= "~" for character in token):
        raise ConfigurationError(
            f"The Notion token in {source} has a space, a line break or a character that no token has",
            "Copy it again from the connection's page in Notion; it starts with ntn_ or secret_",
        )
    return Credential(Secret(token), source)

"""Where the token is put so that nobody else reads it: the system keyring, else a private file."""

import importlib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from daemon.config.credentials import CREDENTIAL, find_token
from daemon.config.secret import Secret
from daemon.config.settings import Settings
from daemon.config.sources import APPLICATION
from daemon.extras import installing
from daemon.text_files import write_private
from sync.errors import ConfigurationError


class TokenKeeper(StrEnum):
    """What a person may want the token to be kept by."""

    AUTO = "auto"
    KEYRING = "keyring"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class KeptToken:
    """Where the token is now.

    Attributes:
        place: In words.
        settings: What the settings file has to say so that it is found.
    """

    place: str
    settings: Mapping[str, str]


def is_kept(token: Secret, settings: Settings, environ: Mapping[str, str]) -> bool:
    """Tell whether the token is found, with no look at the environment or at a settings file."""
    safe = replace(settings, notion_token=None)
    try:
        return find_token(safe, environ).token == token
    except ConfigurationError:
        return False


def keep(token: Secret, keeper: TokenKeeper, directory: Path) -> KeptToken:
    """Put the token where only its owner reads it.

    Args:
        token: Already tried.
        keeper: What is wanted.
        directory: Of the settings file; a token file lies beside it.

    Raises:
        ConfigurationError: There is no keyring although one is wanted, or the file cannot be written.
    """
    if keeper is not TokenKeeper.FILE and _keep_in_keyring(token):
        return KeptToken("the system keyring", {"NOTION_TOKEN_FILE": "", "NOTION_TOKEN": ""})
    if keeper is TokenKeeper.KEYRING:
        raise ConfigurationError(
            "There is no keyring that takes the token here",
            f"Run: {installing('keyring')}, or leave --store out, for a private file",
        )
    file = directory / CREDENTIAL
    write_private(file, f"{token.reveal()}\n")
    return KeptToken(str(file), {"NOTION_TOKEN_FILE": str(file), "NOTION_TOKEN": ""})


def _keep_in_keyring(token: Secret) -> bool:
    """Tell whether the keyring took the token and gives it back."""
    if importlib.util.find_spec("keyring") is None:
        return False
    keyring = importlib.import_module("keyring")
    try:
        keyring.set_password(APPLICATION, CREDENTIAL, token.reveal())
        return bool(keyring.get_password(APPLICATION, CREDENTIAL) == token.reveal())
    except Exception:  # noqa: BLE001 - absent, locked, refused: each back end says so in its own way
        return False

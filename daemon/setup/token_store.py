"""Store the token where nobody else can read it: in the system keyring, else in a private file."""

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
    """What keeps the token."""

    AUTO = "auto"
    KEYRING = "keyring"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class KeptToken:
    """Where the token is stored.

    Attributes:
        place: The place in words.
        settings: The settings by which the token is found there.
    """

    place: str
    settings: Mapping[str, str]


def is_kept(token: Secret, settings: Settings, environ: Mapping[str, str]) -> bool:
    """Return whether the token is stored apart from the environment and the settings file."""
    safe = replace(settings, notion_token=None)
    try:
        return find_token(safe, environ).token == token
    except ConfigurationError:
        return False


def keep(token: Secret, keeper: TokenKeeper, directory: Path) -> KeptToken:
    """Store the token where only its owner can read it.

    Args:
        token: The token.
        keeper: What is to keep it.
        directory: The directory of the settings file, which a token file is put beside.

    Raises:
        ConfigurationError: A keyring is wanted and there is none, or the file cannot be written.
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
    """Store the token in the keyring; return whether that worked."""
    if importlib.util.find_spec("keyring") is None:
        return False
    keyring = importlib.import_module("keyring")
    try:
        keyring.set_password(APPLICATION, CREDENTIAL, token.reveal())
        return bool(keyring.get_password(APPLICATION, CREDENTIAL) == token.reveal())
    except Exception:  # noqa: BLE001 - absent, locked, refused: each back end says so in its own way
        return False

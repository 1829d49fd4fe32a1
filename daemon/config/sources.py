"""The sources of settings: the environment and the `.env` files."""

import io
import os
import re
from collections.abc import Mapping
from pathlib import Path

import platformdirs

from sync.errors import ConfigurationError

APPLICATION = "ai-traces"
SETTINGS_CREDENTIAL = "settings"
"""The name of the systemd credential that holds the general `.env`."""
GONE = "# gone"
"""The content of a systemd credential whose file no longer exists."""

_OURS = re.compile(
    r"\s*(?:export\s+)?(AI_TRACES_\w+|NOTION_TOKEN(?:_FILE)?|NOTION_DATABASE_ID|NOTION_BASE_URL|ANTHROPIC_API_KEY)\b"
)
"""The beginning of a line that is meant to set one of our settings."""


def general_file(config_dir: Path | None = None) -> Path:
    """Return the settings file that applies in every directory."""
    return (platformdirs.user_config_path(APPLICATION) if config_dir is None else config_dir) / ".env"


def passed(environ: Mapping[str, str]) -> Path | None:
    """Return the settings file that systemd passes to a service that cannot see its user's home.

    Raises:
        ConfigurationError: The original file no longer exists.
    """
    directory = environ.get("CREDENTIALS_DIRECTORY")
    file = Path(directory, SETTINGS_CREDENTIAL) if directory else None
    if file is None or not file.is_file():
        return None
    if file.read_bytes().strip() == GONE.encode():
        raise ConfigurationError(
            "The settings file that the service was installed with is not there any more",
            "Run: ai-traces setup; then: ai-traces service install, as before",
        )
    return file


def without_empty(variables: Mapping[str, str | None]) -> dict[str, str]:
    """Return the variables that have a value; an empty one counts as not set."""
    return {name: value.strip() for name, value in variables.items() if value and value.strip()}


def file_in(directory: Path) -> tuple[Path, ...]:
    """Return the settings file of a directory; none if this user may not enter it."""
    may_enter = os.access(directory, os.X_OK, effective_ids=True)
    return (directory / ".env",) if may_enter else ()


def read_env_files(*files: Path) -> dict[str, str]:
    """Return what these files set, as far as they exist; a later one wins.

    Raises:
        ConfigurationError: A file cannot be read, or a line of it that is meant as a setting of ours.
    """
    found: dict[str, str] = {}
    try:
        for file in files:
            if file.is_file() or file.is_fifo():
                from dotenv import dotenv_values  # noqa: PLC0415 - not needed without a file

                text = file.read_text(encoding="utf-8")
                _refuse_broken_lines(file, text)
                found |= without_empty(dotenv_values(stream=io.StringIO(text)))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"A .env file cannot be read ({error})",
            f"Make {' and '.join(map(str, files))} text in UTF-8 that this user may read, or remove it",
        ) from None
    return found


def _refuse_broken_lines(file: Path, text: str) -> None:
    """Refuse a line of ours that is no assignment; to skip it would silently give the default."""
    from dotenv.parser import parse_stream  # noqa: PLC0415 - as above

    for binding in parse_stream(io.StringIO(text)):
        meant = _OURS.match(binding.original.string) if binding.error else None
        if meant is not None:
            number = binding.original.line + meant.string.count("\n", 0, meant.start(1))
            raise ConfigurationError(
                f"{meant[1]} in line {number} of {file} cannot be read",
                f"Write it as {meant[1]}=VALUE, with both quotes or none",
            )

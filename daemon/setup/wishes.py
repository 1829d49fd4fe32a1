"""The input of the set-up: the command line, and where settings are."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from daemon.config.settings import Settings, load
from daemon.setup.token_store import TokenKeeper


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What was asked for on the command line; None or False for what was not.

    Attributes:
        token_file: The file with the token.
        database: The id of the database.
        create: The id of the page below which a new database is made.
        views: Whether to make Jen's views.
        keeper: What is to keep the token.
    """

    token_file: Path | None
    database: str | None
    create: str | None
    views: bool
    keeper: TokenKeeper


@dataclass(frozen=True, slots=True)
class Machine:
    """Where settings come from.

    Attributes:
        environ: The environment.
        directory: The current directory.
        config_dir: The directory of the settings file that is written.
    """

    environ: Mapping[str, str]
    directory: Path
    config_dir: Path

    @property
    def settings_file(self) -> Path:
        """The settings file that every command reads."""
        return self.config_dir / ".env"

    def settings(self, **instead: str) -> Settings:
        """Load the settings, with some variables replaced.

        Raises:
            ConfigurationError: A value cannot be used.
        """
        return load({**self.environ, **instead}, directory=self.directory, config_dir=self.config_dir)

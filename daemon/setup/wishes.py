"""What was asked for on the command line, and the machine that it is for."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from daemon.config.settings import Settings, load
from daemon.setup.token_store import TokenKeeper


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What was asked for; None and False where it was not.

    Attributes:
        token_file: Holds the token.
        database: The id of the database.
        create: The id of the page that a new database is made below.
        views: Make Jen's views.
        keeper: What keeps the token.
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
        directory: The current directory.
        config_dir: Of the settings file that is written.
    """

    environ: Mapping[str, str]
    directory: Path
    config_dir: Path

    @property
    def settings_file(self) -> Path:
        """The file that every command reads, wherever it is started."""
        return self.config_dir / ".env"

    def settings(self, **instead: str) -> Settings:
        """Load the settings, with some values in place of what is set.

        Raises:
            ConfigurationError: A value cannot be used.
        """
        return load({**self.environ, **instead}, directory=self.directory, config_dir=self.config_dir)

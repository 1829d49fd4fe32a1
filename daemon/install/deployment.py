"""What a service is made from: the paths on this machine, and its user."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Platform(StrEnum):
    """The platform, which decides the service manager."""

    LINUX = "linux"
    MACOS = "macos"


class Scope(StrEnum):
    """Whether a service belongs to a user or to the machine."""

    USER = "user"
    """The service of the person who installs it."""
    SYSTEM = "system"
    """A service of the machine; it still runs as that person."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """What a service is made from.

    Attributes:
        program: The installed command.
        runtime: The directories that the program needs to start.
        user: The user that the service runs as.
        group: That user's primary group.
        home: That user's home directory.
        logs_dir: The logs directory, which is read.
        state_dir: The state directory, which is written.
        settings_file: The settings file; None if there is none.
        token_file: The file with the token; None if the token is in the settings file.
        environment: Variables for the service alone; never a secret.
    """

    program: Path
    runtime: tuple[Path, ...]
    user: str
    group: str
    home: Path
    logs_dir: Path
    state_dir: Path
    settings_file: Path | None
    token_file: Path | None
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ServiceFile:
    """A file that a service manager reads."""

    name: str
    text: str

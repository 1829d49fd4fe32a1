"""What a service is made from: where everything lies on this machine, and for whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Platform(StrEnum):
    """Which service manager there is."""

    LINUX = "linux"
    MACOS = "macos"


class Scope(StrEnum):
    """Whose service it is."""

    USER = "user"
    """Of the person who installs it."""
    SYSTEM = "system"
    """Of the machine; it still runs as that person."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """What a service is made from.

    Attributes:
        program: The installed command.
        runtime: Directories that the program needs to start.
        user: Whose logs they are.
        group: That user's first group.
        home: That user's home.
        logs_dir: What is read.
        state_dir: What is written.
        settings_file: The settings, when there is such a file.
        token_file: The token, when it lies in a file of its own.
        environment: What is set for the service alone, by name; never a secret.
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

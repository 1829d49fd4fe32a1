"""From what a person types to the log that is meant."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from daemon.config.settings import ConfigurationError
from daemon.watching.scan import Found, scan
from sync.files import to_log_path
from sync.names import LogPath


def named(root: Path, typed: str) -> LogPath:
    """Return the log or directory that a person means, by its path from here or from the logs directory.

    Raises:
        ConfigurationError: It lies outside the logs directory.
    """
    real_root = Path(os.path.realpath(root))
    here = Path(os.path.abspath(typed))  # noqa: PTH100 - a symlink as the last part must not be followed
    for place in (Path(os.path.realpath(here.parent)) / here.name, real_root / typed):
        if place.is_relative_to(real_root) and (place.exists() or place.parent != here.parent):
            relative = place.relative_to(real_root).as_posix()
            return LogPath("") if relative == "." else to_log_path(relative)
    raise ConfigurationError(
        f"{typed} is not in the logs directory {root}",
        "Name a log by its path in that directory, such as exceptions/2026-01-10-timeout.md",
    )


def select(root: Path, typed: Sequence[str]) -> Iterable[Found]:
    """Return the logs that a person means; all of them when nothing is named, a directory for those in it."""
    wanted = [named(root, each) for each in typed]
    for finding in scan(root):
        if isinstance(finding, Found) and (not wanted or any(_covers(each, finding.path) for each in wanted)):
            yield finding


def _covers(wanted: LogPath, path: LogPath) -> bool:
    return not wanted or path == wanted or path.startswith(f"{wanted}/")

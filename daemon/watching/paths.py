"""Resolve the paths that a person types to logs."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from daemon.here import from_here
from daemon.watching.scan import Found, Unlistable, identity, pieces
from sync.errors import ConfigurationError, NoSuchLog
from sync.files import RootUnavailable
from sync.log_path import accepts, resolve, to_log_path
from sync.names import LogPath
from sync.state.store import Store

_HOW_TO_NAME = "Name a log by its path in that directory, such as exceptions/2026-01-10-timeout.md"


def named(root: Path, typed: str) -> LogPath:
    """Return the log or directory that a typed path names, from here or from the logs directory.

    Raises:
        NoSuchLog: The path leads out of the logs directory.
    """
    real_root = Path(os.path.realpath(root))
    here = from_here(typed)
    seen = () if here is None else (Path(os.path.realpath(here.parent)) / here.name,)
    for place in (*seen, real_root / typed):
        elsewhere = here is None or place.parent != here.parent
        if place.is_relative_to(real_root) and (os.path.exists(place) or elsewhere):  # noqa: PTH110 - names too long, too
            relative = place.relative_to(real_root).as_posix()
            return LogPath("") if relative == "." else to_log_path(relative)
    raise NoSuchLog(
        f"{typed} is not in the logs directory {root}",
        _HOW_TO_NAME,
    )


def require_root(root: Path) -> None:
    """Refuse to go on without a readable logs directory.

    Raises:
        ConfigurationError: It is missing, is no directory, or may not be opened.
    """
    try:
        identity(root)
    except RootUnavailable as error:
        raise ConfigurationError(error.what, error.hint) from error


def require_logs(root: Path, typed: Sequence[str], store: Store) -> None:
    """Refuse typed paths that name no log, neither on disk nor in the state.

    Raises:
        NoSuchLog: The first such path, and why.
    """
    for each in typed:
        path = named(root, each)
        place = resolve(root, path)
        if store.knows(path) or os.path.isdir(place):  # noqa: PTH112 - undecodable names too
            continue
        if not os.path.lexists(place):
            raise NoSuchLog(f"There is no log {each} in {root}", _HOW_TO_NAME)
        if not accepts(path):
            raise NoSuchLog(
                f"{each} is no log", "The name of a log ends in .md and starts with neither a dot nor a tilde"
            )


class Selection:
    """Select the logs that the typed paths name: a directory for those in it, no path for all.

    Raises:
        NoSuchLog: A path leads out of the logs directory.
    """

    def __init__(self, root: Path, typed: Sequence[str]) -> None:
        self._root = root
        self._wanted = [named(root, each) for each in typed]
        self._unlistable: list[Unlistable] = []

    def pieces(self) -> Iterator[Sequence[Found]]:
        """Yield the selected logs on disk, many at a time, in the order of their paths."""
        for piece in pieces(self._root, unlistable=self._unlistable.append):
            if meant := [log for log in piece if self._is_meant(log.path)]:
                yield meant

    def unseen(self) -> tuple[Unlistable, ...]:
        """Return the places that `pieces` could not read and that may hold selected logs."""
        return tuple(
            place
            for place in self._unlistable
            if self._is_meant(place.path) or any(map(place.covers, self._wanted))
        )

    def covers(self, path: LogPath) -> bool:
        """Return whether a log is selected and `pieces` would have found it."""
        return self._is_meant(path) and not any(each.covers(path) for each in self._unlistable)

    def _is_meant(self, path: LogPath) -> bool:
        return not self._wanted or any(
            not wanted or path == wanted or path.startswith(f"{wanted}/") for wanted in self._wanted
        )

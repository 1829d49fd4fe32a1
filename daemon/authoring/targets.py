"""Find the files to be linted, and the logs directory that each belongs to."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from daemon.here import from_here, here
from sync.errors import ConfigurationError, NoSuchLog
from sync.log_path import accepts, to_log_path
from sync.names import LogPath
from sync.tracelog.linting.when_to_log import Name, Neighbours, read_name

EXCEPTIONS = "exceptions"


@dataclass(frozen=True, slots=True)
class LintTarget:
    """A file that is to be read as a log.

    Attributes:
        file: Its absolute path.
        root: The logs directory that it seems to be in.
        path: Its path below that.
    """

    file: Path
    root: Path
    path: LogPath

    @property
    def shown(self) -> str:
        """The path to show: relative to the current directory for a file below it."""
        return _shown(self.file)


@dataclass(frozen=True, slots=True)
class UnlistableFolder:
    """A folder that cannot be listed, so that nothing is known of the logs in it.

    Attributes:
        folder: Its absolute path.
        reason: Why, in the system's words.
    """

    folder: Path
    reason: str

    @property
    def shown(self) -> str:
        """The path to show, as for a file."""
        return _shown(self.folder)


def find_targets(typed: Sequence[str]) -> Iterator[LintTarget | UnlistableFolder]:
    """Yield the named files and those in the named directories; without a name, all logs.

    A path is looked for from here, then in the logs directory. The settings are loaded only if needed.

    Raises:
        NoSuchLog: There is no such file.
        ConfigurationError: There is no logs directory, or it cannot be listed.
    """
    if not typed:
        root = _logs_dir()
        if not os.path.isdir(root):  # noqa: PTH112 - raises nowhere, as below
            raise ConfigurationError(
                f"There is no logs directory {root}",
                "Create it, or set AI_TRACES_LOGS_DIR to where the logs are",
            )
        for target in _below(root, root=root):
            if isinstance(target, UnlistableFolder) and target.folder == root:
                raise ConfigurationError(
                    f"The logs directory {root} cannot be listed ({target.reason})",
                    "Make it readable for yourself, or set AI_TRACES_LOGS_DIR to where the logs are",
                )
            yield target
    for each in typed:
        yield from _named(each)


def _shown(path: Path) -> str:
    base = here()
    near = path.relative_to(base) if path.is_relative_to(base) else path
    return os.fsencode(near).decode("utf-8", "backslashreplace")


def _named(typed: str) -> Iterator[LintTarget | UnlistableFolder]:
    root, place = None, from_here(typed)
    if place is None or not os.path.lexists(place):
        root = _logs_dir()
        place = root / typed
    if os.path.isdir(place):  # noqa: PTH112 - a name may be too long
        yield from _below(place, root=root)
    elif os.path.lexists(place):
        yield _target(place, root=root)
    else:
        raise NoSuchLog(
            f"There is no file {typed}, neither here nor in the logs directory {root}",
            "Name a file by its path, or a log by its path in the logs directory",
        )


def neighbours_of(root: Path) -> Neighbours | None:
    """Return the names of the logs in a logs directory; None if it cannot be listed, or is none."""
    try:
        return Neighbours(executions=_names(root), exceptions=_names(root / EXCEPTIONS))
    except OSError:
        return None


def _logs_dir() -> Path:
    from daemon.config.settings import load  # noqa: PLC0415 - slow to import, and seldom needed

    return load(os.environ).logs_dir


def _below(directory: Path, *, root: Path | None) -> Iterator[LintTarget | UnlistableFolder]:
    failures: list[OSError] = []
    for folder, folders, names in os.walk(directory, onerror=failures.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        files = (Path(folder, name) for name in sorted(names) if accepts(name))
        yield from (_target(file, root=root) for file in files if _may_be_a_log(file))
    for error in failures:
        if not isinstance(error, FileNotFoundError):  # removed since the folder above was listed
            yield UnlistableFolder(Path(os.fsdecode(error.filename)), (error.strerror or "error").lower())


def _may_be_a_log(file: Path) -> bool:
    try:
        return stat.S_ISREG(file.lstat().st_mode)
    except FileNotFoundError:
        return False
    except OSError:  # reading it will report why
        return True


def _target(file: Path, *, root: Path | None) -> LintTarget:
    """Return the target for a file, deriving an unknown logs directory from the folders above it."""
    if root is None:
        above = file.parent.parts
        depth = len(above) if EXCEPTIONS not in above else _last(above, EXCEPTIONS)
        root = Path(*above[:depth])
    return LintTarget(file, root, to_log_path(file.relative_to(root).as_posix()))


def _last(parts: Sequence[str], name: str) -> int:
    return max(index for index, part in enumerate(parts) if part == name)


def _names(directory: Path) -> frozenset[Name]:
    return frozenset(
        name for entry in os.scandir(directory) if accepts(entry.name) and (name := read_name(entry.name))
    )

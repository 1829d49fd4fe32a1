"""Write a bundle's folder completely, or leave the earlier one in place."""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sync.auditor.bundle import NAMES
from sync.auditor.manifest import KIND, MANIFEST
from sync.errors import ConfigurationError

_ROOM = ".audit-"
"""The middle of a temporary folder's name, between the target's name and a random part."""

_NEW, _OLD = "new", "old"

_ELSEWHERE = "Name a folder that is not there yet, or one of an earlier bundle, with --output"


def require_own(folder: Path) -> None:
    """Refuse a folder that holds anything but an earlier bundle.

    Raises:
        ConfigurationError: It does, or it is not a folder.
    """
    try:
        names = sorted(each.name for each in folder.iterdir())
    except FileNotFoundError:
        if folder.is_symlink():
            raise ConfigurationError(f"{folder} is a link that leads nowhere", _ELSEWHERE) from None
        return
    except OSError as error:
        raise ConfigurationError(f"{folder} cannot be used ({error.strerror})", _ELSEWHERE) from None
    if not names:
        return
    if others := [name for name in names if name not in NAMES]:
        raise ConfigurationError(
            f"{folder} holds something that is no part of a bundle: {others[0]}", _ELSEWHERE
        )
    if not _is_bundle(folder):
        raise ConfigurationError(f"{folder} is there already, and not made by ai-traces audit", _ELSEWHERE)


def write_bundle(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a bundle that only its owner can read.

    Leftovers of an earlier attempt that was cut short are moved back or removed.

    Raises:
        ConfigurationError: It cannot be written, or the folder is not ours; what was there is unchanged.
    """
    target = Path(os.path.realpath(folder))
    _tidy(target.parent)
    require_own(folder)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _draft(target) as draft:
            for name in sorted(files, key=lambda name: name != MANIFEST):
                _write(draft / name, files[name])
            _replace(target, draft)
    except OSError as error:
        raise ConfigurationError(
            f"{folder} cannot be written ({error.strerror})", "Name another folder with --output"
        ) from None


@contextmanager
def _draft(target: Path) -> Iterator[Path]:
    """Yield a temporary folder beside the target, which is removed unless the process is killed."""
    room = Path(tempfile.mkdtemp(prefix=f".{target.name}{_ROOM}", dir=target.parent))
    with _held(room):
        try:
            draft = room / _NEW
            draft.mkdir(mode=0o700)
            yield draft
        finally:
            _clear(room)


def _tidy(parent: Path) -> None:
    """Move back each bundle whose replacement was cut short, and remove all other leftovers."""
    for room in sorted(parent.glob(f".*{_ROOM}*")):
        try:
            if room.is_symlink():
                continue
            with _held(room):
                if _is_ours(room):
                    _clear(room)
        except OSError:  # another process is using it, or it is not ours
            continue


def _is_ours(room: Path) -> bool:
    """Return whether a temporary folder is ours, by what it holds: the manifest is written first."""
    folders = list(room.iterdir())
    if not {each.name for each in folders} <= {_NEW, _OLD} or not all(map(_is_real_folder, folders)):
        return False
    files = [file for folder in folders for file in folder.iterdir()]
    if any(file.name not in NAMES or file.is_symlink() or not file.is_file() for file in files):
        return False
    return any(map(_is_bundle, folders)) or not any(file.stat().st_size for file in files)


def _is_real_folder(place: Path) -> bool:
    return place.is_dir() and not place.is_symlink()


def _clear(room: Path) -> None:
    target = room.with_name(room.name[1 : room.name.rindex(_ROOM)])
    if (room / _OLD).exists() and not target.exists():
        (room / _OLD).rename(target)
    shutil.rmtree(room, ignore_errors=True)


@contextmanager
def _held(room: Path) -> Iterator[None]:
    """Lock a folder for this process.

    Raises:
        OSError: Another process has locked it.
    """
    descriptor = os.open(room, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _replace(target: Path, draft: Path) -> None:
    """Move the old bundle aside and the new one into its place."""
    if target.exists():
        target.rename(draft.with_name(_OLD))
    draft.rename(target)


def _is_bundle(folder: Path) -> bool:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(manifest, dict) and manifest.get("kind") == KIND

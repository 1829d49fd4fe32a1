"""The folder of a bundle: all of it there, or what was there before."""

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
"""What a folder in which a bundle is made is called, after the target's name and before a chance one."""

_NEW, _OLD = "new", "old"

_ELSEWHERE = "Name a folder that is not there yet, or one of an earlier bundle, with --output"


def require_own(folder: Path) -> None:
    """Refuse a folder that holds anything but an earlier bundle.

    Raises:
        ConfigurationError: It does, or it is no folder.
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
    """Put a bundle in its place, for the eyes of its owner only.

    What an earlier attempt left beside it that was cut short is put back or cleared away.

    Raises:
        ConfigurationError: It cannot be written, or the folder is not ours; what was there is there still.
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
    """Give a folder beside the target; nothing of it stays unless the process is killed."""
    room = Path(tempfile.mkdtemp(prefix=f".{target.name}{_ROOM}", dir=target.parent))
    with _held(room):
        try:
            draft = room / _NEW
            draft.mkdir(mode=0o700)
            yield draft
        finally:
            _clear(room)


def _tidy(parent: Path) -> None:
    """Put back each bundle that was moved aside when its successor was cut short, and clear the rest away."""
    for room in sorted(parent.glob(f".*{_ROOM}*")):
        try:
            if room.is_symlink():
                continue
            with _held(room):
                if _is_ours(room):
                    _clear(room)
        except OSError:  # somebody is at work in it, or it is not ours to touch
            continue


def _is_ours(room: Path) -> bool:
    """Tell, by what it holds and not by its name, whether a room is one of ours: the manifest comes first."""
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
    """Hold a folder for this process alone.

    Raises:
        OSError: Another process holds it.
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

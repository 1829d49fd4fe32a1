"""The folder of a bundle: all of it there, or what was there before."""

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


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put a bundle in its place, for the eyes of its owner only.

    Raises:
        ConfigurationError: It cannot be written, or the folder is not ours; what was there is there still.
    """
    require_own(folder)
    target = Path(os.path.realpath(folder))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _draft(target) as draft:
            for name, content in files.items():
                _write(draft / name, content)
            _replace(target, draft)
    except OSError as error:
        raise ConfigurationError(
            f"{folder} cannot be written ({error.strerror})", "Name another folder with --output"
        ) from None


@contextmanager
def _draft(target: Path) -> Iterator[Path]:
    """Give a folder beside the target; nothing of it stays, whatever happens."""
    room = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        draft = room / "new"
        draft.mkdir(mode=0o700)
        yield draft
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _replace(target: Path, draft: Path) -> None:
    """Move the old bundle aside and the new one into its place."""
    old = draft.with_name("old")
    if not target.exists():
        draft.rename(target)
        return
    target.rename(old)
    try:
        draft.rename(target)
    except OSError:
        old.rename(target)
        raise


def _is_bundle(folder: Path) -> bool:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(manifest, dict) and manifest.get("kind") == KIND

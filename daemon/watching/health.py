"""Whether file events are reliable: what the file system or the system's limits keep from being seen."""

import errno
import os
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from sync.log_path import is_visible, resolve
from sync.names import LogPath


@dataclass(frozen=True, slots=True)
class Healthy:
    """Changes are reported as they happen."""


@dataclass(frozen=True, slots=True)
class Deaf:
    """Watching has broken down; `restart` repairs it, or says why it cannot."""

    reason: str


@dataclass(frozen=True, slots=True)
class ScanOnly:
    """Only scans find every change here. `hint` is empty if nothing can be done about it."""

    reason: str
    hint: str = ""


Health: TypeAlias = Healthy | Deaf | ScanOnly

# File systems that another machine, or the host of this one, can change without an event here.
_SILENT = frozenset(
    [
        "9p",
        "afs",
        "ceph",
        "cifs",
        "davfs",
        "fakeowner",
        "glusterfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "prl_fs",
        "smb3",
        "smbfs",
        "vboxsf",
        "virtiofs",
    ]
)

WATCH_LIMIT_HINT = (
    "Raise the limit: echo fs.inotify.max_user_watches=524288 | sudo tee /etc/sysctl.d/60-ai-traces.conf "
    "&& sudo sysctl --system"
)
INSTANCE_LIMIT_HINT = (
    "Raise the limit: echo fs.inotify.max_user_instances=512 | sudo tee /etc/sysctl.d/60-ai-traces.conf "
    "&& sudo sysctl --system"
)


def is_silent(file_system: str) -> bool:
    """Return whether files on this type of file system may change without events."""
    return file_system in _SILENT or (file_system.startswith("fuse") and file_system != "fuseblk")


def file_system(mountinfo: str, path: str) -> str:
    """Return the type of the file system that holds an absolute path; empty if it is not listed.

    Args:
        mountinfo: The text of /proc/self/mountinfo, see proc(5).
        path: An absolute path without symlinks.
    """
    best, kind = "", ""
    for line in mountinfo.splitlines():
        mount, separator, source = line.partition(" - ")
        fields = mount.split(" ")
        if not separator or len(fields) < 5:  # noqa: PLR2004 - the fifth field is the mount point
            continue
        point = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[4])
        holds = path == point or path.startswith(point.rstrip("/") + "/")
        if holds and len(point) >= len(best):  # the later of two mounts on one point hides the earlier
            best, kind = point, source.split(" ")[0]
    return kind


def file_system_of(root: Path) -> str:
    """Return the type of the file system that holds the root; empty if the platform does not tell."""
    try:
        mountinfo = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""
    return file_system(mountinfo, os.path.realpath(root))


def unwatched(root: Path, directories: Iterable[LogPath], watched: Collection[bytes]) -> int:
    """Count the existing directories, the root included, that are not watched."""
    places = (resolve(root, path).rstrip("/") for path in directories)
    return sum(os.fsencode(place) not in watched and os.path.isdir(place) for place in places)  # noqa: PTH112 - undecodable names too


def directories(root: str) -> Iterator[str]:
    """Yield the root and the directories below it that may hold logs."""
    waiting = [root]
    while waiting:
        directory = waiting.pop()
        try:
            with os.scandir(directory) as entries:
                waiting.extend(
                    entry.path
                    for entry in entries
                    if entry.is_dir(follow_symlinks=False) and is_visible(entry.name)
                )
        except OSError:
            continue  # the scan reports what cannot be listed
        yield directory


def cannot_watch(error: OSError) -> ScanOnly:
    """Return why the system refuses to watch, and what to do about it."""
    match error.errno:
        case errno.ENOSPC:
            return ScanOnly("the system's limit of watched directories is reached", WATCH_LIMIT_HINT)
        case errno.EMFILE | errno.ENFILE:
            return ScanOnly("the limit of watching programs or of open files is reached", INSTANCE_LIMIT_HINT)
        case _:
            return ScanOnly(f"the logs directory cannot be watched ({(error.strerror or 'error').lower()})")

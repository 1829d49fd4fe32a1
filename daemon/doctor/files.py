"""Checks of the logs directory and the state directory."""

import os
import shutil
import sys
from collections.abc import Generator, Iterator
from itertools import islice
from pathlib import Path

from daemon.config.settings import Settings
from daemon.doctor.check import Area, Check, Examiner
from daemon.watching.health import WATCH_LIMIT_HINT, directories, file_system_of, is_silent
from daemon.watching.scan import Found, Unlistable, scan
from sync.amounts import counted
from sync.errors import StateDamaged, StateUnusable
from sync.files import RootUnavailable
from sync.state.store import Store

_EXAMINER = Examiner(Area.FILES)
_MOST_COUNTED = 50_000
_LIMITS = Path("/proc/sys/fs/inotify")
_SCARCE = 100 << 20
_NONE_LEFT = 5 << 20


def file_checks(settings: Settings) -> Iterator[Check]:
    """Yield the checks of both directories and their disks."""
    is_there = yield from _logs(settings)
    if is_there:
        yield _events(settings)
        if sys.platform == "linux":
            yield _watches(settings.logs_dir)
    yield _state(settings.state_dir)
    yield from _disk(settings.state_dir)


def _logs(settings: Settings) -> Generator[Check, None, bool]:
    root = settings.logs_dir
    try:
        findings = list(islice(scan(root), _MOST_COUNTED))
    except RootUnavailable as error:
        yield _EXAMINER.bad("Logs directory", error.what, error.hint)
        return False
    closed = [finding.path for finding in findings if isinstance(finding, Unlistable)]
    logs = sum(isinstance(finding, Found) for finding in findings)
    more = "more than " if len(findings) == _MOST_COUNTED else ""
    found = f"{more}{counted(logs, 'log')}"
    if closed:
        yield _EXAMINER.bad(
            "Logs directory",
            f"{root}: {found}; what cannot be read: {closed[0]}{_and_more(len(closed) - 1)}",
            "Make it readable for the user that runs ai-traces",
        )
    else:
        yield _EXAMINER.good("Logs directory", f"{root}: {found}")
    return True


def _events(settings: Settings) -> Check:
    kind = file_system_of(settings.logs_dir)
    if not kind:
        return _EXAMINER.good("File system", "its kind is not told here; changes are announced as a rule")
    if not is_silent(kind):
        return _EXAMINER.good("File system", f"{kind}: changes are announced as they happen")
    found = (
        f"they are found every {settings.rescan_seconds:g} s"
        if settings.rescan_seconds
        else "and AI_TRACES_RESCAN_SECONDS=0 keeps them from being found"
    )
    return _EXAMINER.remark(
        "File system",
        f"{kind}: changes by other machines are not announced; {found}",
        "For faster notice, lower AI_TRACES_RESCAN_SECONDS",
    )


def _watches(root: Path) -> Check:
    count = sum(1 for _ in directories(str(root)))
    limits = {name: _limit(name) for name in ("max_user_watches", "max_user_instances")}
    watches, instances = limits.values()
    needed = counted(count, "directory", plural="directories")
    if watches is None or instances is None:
        return _EXAMINER.good("Watching", f"{needed}; the system tells no limit")
    what = f"{needed}; {watches:,} watches and {instances:,} instances a user are allowed"
    if count > watches // 2:
        return _EXAMINER.remark("Watching", what, WATCH_LIMIT_HINT)
    return _EXAMINER.good("Watching", what)


def _and_more(count: int) -> str:
    return f" and {count:,} more" if count else ""


def _limit(name: str) -> int | None:
    try:
        return int((_LIMITS / name).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def _exists(directory: Path) -> bool:
    return os.path.exists(directory)  # noqa: PTH110 - raises neither below what may not be entered nor for long names


def _state(directory: Path) -> Check:
    if not os.path.lexists(directory):
        above = next((each for each in directory.parents if _exists(each)), Path("/"))
        if os.access(above, os.W_OK | os.X_OK):
            return _EXAMINER.good("State directory", f"{directory}: made at the first start")
        return _EXAMINER.bad(
            "State directory",
            f"{directory} cannot be made in {above}",
            "Make it and give it to the user that runs ai-traces, or set AI_TRACES_STATE_DIR",
        )
    if not os.access(directory, os.R_OK | os.W_OK | os.X_OK):
        return _EXAMINER.bad(
            "State directory",
            f"{directory} cannot be written to",
            "Give it to the user that runs ai-traces, or set AI_TRACES_STATE_DIR",
        )
    kind = file_system_of(directory)
    if is_silent(kind):
        return _EXAMINER.remark(
            "State directory",
            f"{directory} is on {kind}, where locks and SQLite may fail",
            "Set AI_TRACES_STATE_DIR to a directory on a local disk",
        )
    return _database(directory)


def _database(directory: Path) -> Check:
    try:
        store = Store.open_existing(directory)
        if store is None:
            return _EXAMINER.good("State directory", f"{directory}: nothing in it yet")
        with store:
            store.check()
    except StateDamaged as damage:
        return _EXAMINER.remark(
            "State directory",
            damage.what,
            "Nothing to do: the next start begins anew, and no page is made twice",
        )
    except StateUnusable as error:
        return _EXAMINER.bad("State directory", error.what, error.hint)
    if directory.stat().st_mode & 0o077:
        return _EXAMINER.remark(
            "State directory", f"{directory} is open to other users", f"Run: chmod 700 {directory}"
        )
    return _EXAMINER.good("State directory", f"{directory}: sound")


def _disk(directory: Path) -> Iterator[Check]:
    place = next((each for each in (directory, *directory.parents) if _exists(each)), None)
    if place is None:
        return
    free = shutil.disk_usage(place).free
    what = f"{free / (1 << 20):,.0f} MiB free for the state"
    if free < _NONE_LEFT:
        yield _EXAMINER.bad("Disk", what, "Make room: without it nothing more is synced")
    elif free < _SCARCE:
        yield _EXAMINER.remark("Disk", what, "Make room before it is full")
    else:
        yield _EXAMINER.good("Disk", what)

"""The access that the sandbox of a system service has to allow. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from daemon.install.deployment import Deployment

_HOMES = (Path("/home"), Path("/root"), Path("/run/user"))
_TEMPORARY = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108 - places that PrivateTmp= replaces
_OWN_STATE = Path("/var/lib")


@dataclass(frozen=True, slots=True)
class SandboxAccess:
    """The exceptions from the sandbox of a system service.

    Attributes:
        homes_hidden: Whether home directories appear empty; if not, they are read-only.
        readable: Directories that are mounted read-only.
        writable: Directories that are mounted writable.
        own_state: The state directory below /var/lib if systemd is to create it; None if it is in `writable`.
    """

    homes_hidden: bool
    readable: tuple[Path, ...]
    writable: tuple[Path, ...]
    own_state: Path | None


def sandbox_access(deployment: Deployment) -> SandboxAccess:
    """Return the narrowest access with which the service can work.

    A bind mount shows one fixed directory: if that is replaced, the service goes on seeing the old one. So
    what is mounted is the topmost directory below the home on the way to the logs; and where the logs are
    directly in the home, homes are shown read-only instead.
    """
    logs, state = deployment.logs_dir, deployment.state_dir
    shown = _above(logs, deployment.home)
    homes_hidden = shown is not None or _hiding(logs, _HOMES) is None
    hidden = (*_HOMES, *_TEMPORARY) if homes_hidden else _TEMPORARY
    wanted = (shown or logs, *deployment.runtime)
    own_state = state.relative_to(_OWN_STATE) if state.is_relative_to(_OWN_STATE) else None
    return SandboxAccess(
        homes_hidden=homes_hidden,
        readable=tuple(_outermost(path for path in wanted if _hiding(path, hidden) is not None)),
        writable=() if own_state is not None else (state,),
        own_state=own_state,
    )


def is_hidden(path: Path) -> bool:
    """Return whether the sandbox hides a path that is not mounted."""
    return _hiding(path, (*_HOMES, *_TEMPORARY)) is not None


def _above(logs: Path, home: Path) -> Path | None:
    """Return the first directory below the hidden one on the way to the logs; None when that is the logs."""
    hiding = _hiding(logs, (*_HOMES, *_TEMPORARY))
    if hiding is None:
        return None
    base = home if logs.is_relative_to(home) and home.is_relative_to(hiding) else hiding
    below = logs.relative_to(base).parts
    return base / below[0] if len(below) > 1 else None


def _hiding(path: Path, places: Iterable[Path]) -> Path | None:
    return next((place for place in places if path.is_relative_to(place)), None)


def _outermost(paths: Iterable[Path]) -> Iterator[Path]:
    kept: list[Path] = []
    for path in sorted(set(paths), key=lambda each: each.parts):
        if not any(path.is_relative_to(other) for other in kept):
            kept.append(path)
            yield path

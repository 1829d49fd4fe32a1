"""The registry of patterns in the state directory: `patterns.json`, replaced as a whole."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from daemon.text_files import write_private
from sync.errors import ConfigurationError, StateUnusable
from sync.patterns.remembering.memory import MemoryUnreadable
from sync.patterns.remembering.registry import Registry, from_json, to_json

_NAME = "patterns.json"
_LOCK = "patterns.lock"


@dataclass(frozen=True, slots=True)
class RegistryFile:
    """The file of the registry, while it is locked for this process."""

    path: Path
    note: Callable[[str], None]

    def read(self) -> Registry:
        """Return the registry, or an empty one if there is none.

        A file that cannot be understood is moved aside.
        """
        try:
            return from_json(json.loads(self.path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return Registry()
        except OSError as error:
            raise _unusable(self.path.parent, error) from error
        except (MemoryUnreadable, ValueError, RecursionError):
            aside = self.path.with_name(f"{_NAME}.damaged")
            self.path.replace(aside)
            self.note(
                f"What was remembered of patterns cannot be read; it is kept as {aside}, and begun anew"
            )
            return Registry()

    def write(self, registry: Registry) -> None:
        """Replace the registry atomically.

        Raises:
            StateUnusable: It cannot be written and is unchanged.
        """
        text = json.dumps(to_json(registry), ensure_ascii=True, indent=1)
        try:
            write_private(self.path, f"{text}\n")
        except ConfigurationError as error:
            raise StateUnusable(error.what, error.hint) from error


@contextmanager
def registry_file(state_dir: Path, *, note: Callable[[str], None]) -> Iterator[RegistryFile]:
    """Lock the registry of a state directory for this process; others wait.

    Args:
        state_dir: The state directory; created if it is missing.
        note: Called if a registry cannot be understood and a new one is begun.

    Raises:
        StateUnusable: The directory cannot be created or written.
    """
    try:
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(state_dir / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise _unusable(state_dir, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield RegistryFile(state_dir / _NAME, note)
    finally:
        os.close(descriptor)


def _unusable(state_dir: Path, error: OSError) -> StateUnusable:
    return StateUnusable(
        f"What is remembered of patterns in {state_dir} cannot be used ({error.strerror})",
        "Give that directory to the user that runs ai-traces, or set AI_TRACES_STATE_DIR to another one",
    )

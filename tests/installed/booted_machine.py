"""Boot a systemd for a test, in namespaces of its own."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.installed.product import PROGRAM

_BOOT = Path(__file__).with_name("boot.sh")
JEN = 4242
PATIENCE = 40.0


def missing() -> str:
    """Return why no systemd can be booted here; empty if one can."""
    if os.geteuid() != 0:
        return "only root may make the namespaces"
    for program in ("/lib/systemd/systemd", "unshare", "nsenter", "setpriv", "pivot_root"):
        if shutil.which(program) is None:
            return f"there is no {program}"
    made = subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], check=False, capture_output=True)
    return "" if made.returncode == 0 else "namespaces are not permitted"


@dataclass(frozen=True, slots=True)
class Machine:
    """A booted systemd and the files that it sees."""

    pid: int

    def call(self, *words: str, by: str = "root", check: bool = True) -> str:
        """Run a program there and return what it printed."""
        become = (
            [] if by == "root" else ["setpriv", f"--reuid={JEN}", f"--regid={JEN}", "--clear-groups", "--"]
        )
        home = "/root" if by == "root" else "/home/jen"
        environment = [f"PATH={PROGRAM.parent}:/usr/sbin:/usr/bin:/sbin:/bin", f"HOME={home}"]
        environment += ["SUDO_USER=jen"] if by == "root" else [f"XDG_RUNTIME_DIR=/run/user/{JEN}"]
        ended = subprocess.run(
            ["nsenter", "--all", f"--target={self.pid}", "--", *become, "env", "-i", *environment, *words],
            capture_output=True,
            text=True,
            cwd="/",
            timeout=120,
            check=False,
        )
        if check and ended.returncode:
            pytest.fail(f"{' '.join(words)}: {ended.returncode}\n{ended.stdout}{ended.stderr}")
        return ended.stdout + ended.stderr

    def path(self, path: str | Path) -> Path:
        """Return the path, outside the machine, of a file inside."""
        return Path(f"/proc/{self.pid}/root{path}")


def until(reached: Callable[[], bool], what: str, *, within: float = PATIENCE) -> None:
    """Poll until a condition holds; slowly, as each look at the machine starts a process."""
    deadline = time.monotonic() + within
    while not reached():
        if time.monotonic() > deadline:
            pytest.fail(f"not within {within:.0f} s: {what}")
        time.sleep(0.1)


@contextmanager
def booted(base: Path, *, said: Path) -> Iterator[Machine]:
    """Boot a systemd in an empty directory, until the context ends.

    Args:
        base: The directory for its files.
        said: The file for its output.
    """
    kept = [str(place) for place in (Path(sys.prefix), Path(__file__).parents[2]) if _is_temporary(place)]
    with said.open("wb") as stream:
        booting = subprocess.Popen(
            [_BOOT, base, *kept], stdin=subprocess.DEVNULL, stdout=stream, stderr=stream
        )
    try:
        until(lambda: _only_child(booting.pid) is not None, "the namespaces are made")
        pid = _only_child(booting.pid)
        assert pid is not None
        machine = Machine(pid)
        until(lambda: _is_awake(machine), f"systemd is up; it said {said.read_text(errors='replace')}")
        yield machine
    finally:
        booting.kill()
        booting.wait(PATIENCE)


def _is_temporary(place: Path) -> bool:
    return any(place.is_relative_to(hidden) for hidden in ("/tmp", "/var/tmp", "/run", "/dev/shm"))  # noqa: S108


def _only_child(pid: int) -> int | None:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return None
    return int(children[0]) if children else None


def _is_awake(machine: Machine) -> bool:
    said = machine.call("systemctl", "is-system-running", check=False).split()
    return bool(said) and said[0] in {"running", "degraded"}

"""What Linux says of a process: memory, processor time, how often it woke up."""

from collections.abc import Iterator
from pathlib import Path


def resident_megabytes(pid: int) -> float:
    """Return the memory that the process holds, shared libraries included."""
    return _field(Path(f"/proc/{pid}/status"), "VmRSS") / 1_024


def own_megabytes(pid: int) -> float:
    """Return the memory that the process shares with nobody and no file."""
    return _field(Path(f"/proc/{pid}/status"), "RssAnon") / 1_024


def cpu_seconds(pid: int) -> float:
    """Return the processor time of all threads that live, to the nanosecond."""
    return sum(int((task / "schedstat").read_text().split()[0]) for task in _tasks(pid)) / 1e9


def wake_ups(pid: int) -> int:
    """Return how often a thread that lives has gone to sleep of its own accord, and so woken up."""
    return sum(_field(task / "status", "voluntary_ctxt_switches") for task in _tasks(pid))


def descriptors(pid: int) -> int:
    """Return how many files, sockets and pipes the process holds open."""
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


def threads(pid: int) -> int:
    """Return how many threads the process has."""
    return sum(1 for _ in _tasks(pid))


def _tasks(pid: int) -> Iterator[Path]:
    return Path(f"/proc/{pid}/task").iterdir()


def _field(status: Path, name: str) -> int:
    for line in status.read_text().splitlines():
        key, _, value = line.partition(":")
        if key == name:
            return int(value.split()[0])
    raise LookupError(f"{status} has no {name}")

"""Run the command-line programs of the service manager."""

import shutil
import subprocess
from dataclasses import dataclass

from sync.errors import ConfigurationError, SyncError

_PATIENCE = 360
"""The time limit in seconds; a start may take as long as the first scan."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The exit code and output of a program."""

    code: int
    out: str
    err: str


def ask(*words: str) -> Ended:
    """Run a program and return its exit code and output.

    Raises:
        ConfigurationError: The program is not installed.
        SyncError: It did not end in time.
    """
    program = shutil.which(words[0])
    if program is None:
        raise ConfigurationError(
            f"There is no {words[0]} on this machine, which manages services",
            "Run `ai-traces run` under what starts programs here; see docs/install.md",
        )
    try:
        ended = subprocess.run(  # noqa: S603 - our own words
            [program, *words[1:]],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        raise SyncError(f"{' '.join(words)} does not end", "ai-traces service logs") from None
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def tell(*words: str) -> str:
    """Run a program that has to succeed and return its output.

    Raises:
        ConfigurationError: The program is not installed.
        SyncError: It failed; the error has its message.
    """
    answer = ask(*words)
    if answer.code:
        said = " ".join((answer.err or answer.out).split()) or f"it ended with {answer.code}"
        raise SyncError(f"{' '.join(words)}: {said}".rstrip("."), "ai-traces service logs")
    return answer.out

"""Run the programs that the system's service manager comes with."""

import shutil
import subprocess
from dataclasses import dataclass

from sync.errors import ConfigurationError, SyncError

_PATIENCE = 360
"""Seconds: a start may take as long as the first scan does."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What a program left."""

    code: int
    out: str
    err: str


def ask(*words: str) -> Ended:
    """Run a program to its end and return what it left, whatever its exit code.

    Raises:
        ConfigurationError: It is not on this machine.
        SyncError: It did not end.
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
    """Run a program that has to succeed and return what it printed.

    Raises:
        ConfigurationError: It is not on this machine.
        SyncError: It failed; the text is its own.
    """
    answer = ask(*words)
    if answer.code:
        said = " ".join((answer.err or answer.out).split()) or f"it ended with {answer.code}"
        raise SyncError(f"{' '.join(words)}: {said}".rstrip("."), "ai-traces service logs")
    return answer.out

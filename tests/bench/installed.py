"""The installed program as a process: started, watched from outside, stopped."""

import asyncio
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("ai-traces")
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Daemon:
    """A running daemon.

    Attributes:
        ready_after: Seconds from its start until it said that it was ready.
    """

    pid: int
    ready_after: float


@asynccontextmanager
async def daemon(environ: Mapping[str, str], directory: Path) -> AsyncIterator[Daemon]:
    """Run `ai-traces run` until the context ends; gives it once it is ready."""
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices,
        (directory / "daemon.log").open("wb") as log,
    ):
        address = directory / "notify"
        address.unlink(missing_ok=True)
        notices.bind(str(address))
        notices.setblocking(False)  # noqa: FBT003 - the socket's own signature
        started = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            PROGRAM,
            "run",
            env={**_surroundings(), **environ, "NOTIFY_SOCKET": str(address)},
            cwd=directory,
            stdout=log,
            stderr=log,
        )
        try:
            await asyncio.wait_for(_ready(notices), _PATIENCE)
            yield Daemon(process.pid, time.perf_counter() - started)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def timed(*arguments: str, environ: Mapping[str, str], directory: Path) -> float:
    """Return the seconds that a command takes from its start to its end."""
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        PROGRAM,
        *arguments,
        env={**_surroundings(), **environ},
        cwd=directory,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    await process.wait()
    return time.perf_counter() - started


async def _ready(notices: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    while b"READY=1" not in await loop.sock_recv(notices, 4_096):
        pass


def _surroundings() -> dict[str, str]:
    ours = ("NOTION_", "AI_TRACES_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}

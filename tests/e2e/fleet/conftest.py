"""A real Redis server on this machine, which can be killed and started again."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

REQUIRED = "AI_TRACES_REDIS_REQUIRED"
"""Set where a server was to be installed, so that its absence is a failure and not a reason to skip."""

PASSWORD = "CANARY-p4ss/w:rd"
QUOTED = "CANARY-p4ss%2Fw%3Ard"


@dataclass(slots=True)
class RedisServer:
    """A server on a port of its own, with a password and nothing on disk."""

    program: str
    directory: Path
    port: int = field(init=False)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    @property
    def url(self) -> str:
        """Where it is, with the password."""
        return f"redis://:{QUOTED}@127.0.0.1:{self.port}/0"

    def start(self, *, configuration: Path | None = None) -> None:
        """Start it, empty, and wait until it takes connections."""
        ours = ("--bind", "127.0.0.1", "--save", "", "--requirepass", PASSWORD)
        settings = ours if configuration is None else ()
        file = () if configuration is None else (str(configuration),)
        self.process = subprocess.Popen(
            [self.program, *file, "--port", str(self.port), "--dir", str(self.directory), *settings],
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                assert time.monotonic() < deadline, "the server does not start"
                time.sleep(0.02)
            else:
                return

    def kill(self) -> None:
        """Let it die without a word."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)
        self.process = None

    def command(self, *words: str) -> str:
        """Say something to it, and return what it answers."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as line:
            line.sendall(_spoken("AUTH", PASSWORD) + _spoken(*words))
            line.settimeout(0.3)
            said = b""
            try:
                while piece := line.recv(65536):
                    said += piece
            except TimeoutError:
                pass
        return said.decode().removeprefix("+OK\r\n")


def _spoken(*words: str) -> bytes:
    parts = (f"${len(word.encode())}\r\n{word}\r\n" for word in words)
    return f"*{len(words)}\r\n{''.join(parts)}".encode()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    """Give a server that runs; it is gone afterwards."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        if REQUIRED in os.environ:
            pytest.fail("redis-server is not there, and was to be installed")
        pytest.skip("needs a redis-server or valkey-server on PATH (Debian: apt install redis-server)")
    directory = tmp_path / "redis"
    directory.mkdir()
    server = RedisServer(program, directory)
    server.start()
    try:
        yield server
    finally:
        if server.process is not None:
            server.kill()

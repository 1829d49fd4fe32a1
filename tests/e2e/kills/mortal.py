"""A program that forks ai-traces as often as it is asked to, warm from the start; one may die at a commit.

Each line on its stdin is a command as JSON, each line on its stdout the exit code of one; a negative code is
the signal that ended it.
"""

import asyncio
import json
import os
import signal
import sqlite3
import ssl
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import httpx

from daemon.cli import main
from sync import departure_decision


class MortalConnection(sqlite3.Connection):
    """A connection whose process is killed at a commit.

    Attributes:
        left: How many commits until then.
        when: `before` or `after` that commit is made.
    """

    left = 0
    when = "before"

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:  # noqa: ANN401 - whatever SQLite takes
        """Execute a statement, or die."""
        if statement != "COMMIT":
            return super().execute(statement, *values)
        MortalConnection.left -= 1
        if MortalConnection.left == 0 and MortalConnection.when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        cursor = super().execute(statement, *values)
        if MortalConnection.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return cursor


def live(command: Mapping[str, Any]) -> NoReturn:
    """Be ai-traces until the end.

    Args:
        command: `arguments`, `environ`, `home`, `out`, `err` and `pid_file`; `commit` and `when`, for one
            that is to be killed at a commit; `grace`, in seconds, for logs that are gone.
    """
    os.chdir(command["home"])
    os.environ.clear()
    os.environ.update(command["environ"])
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(command[name], os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), number)
    Path(command["pid_file"]).write_text(str(os.getpid()), encoding="ascii")
    departure_decision.GRACE = timedelta(seconds=command["grace"])
    MortalConnection.left, MortalConnection.when = command["commit"], command["when"]
    sqlite3.connect = partial(sqlite3.connect, factory=MortalConnection)  # type: ignore[assignment]
    code = 70
    try:
        main(command["arguments"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


async def warm_up() -> None:
    """Load what is loaded with the first request: modules and certificates are most of what a run costs."""
    async with httpx.AsyncClient(trust_env=False) as client:
        with suppress(httpx.ConnectError):
            await client.get("http://127.0.0.1:9")


def serve() -> None:
    """Fork one ai-traces for each command, and wait for it."""
    ssl.create_default_context = cache(ssl.create_default_context)  # type: ignore[assignment]
    import_module("daemon.cli.backfill")
    asyncio.run(warm_up())
    for line in sys.stdin:
        child = os.fork()
        if not child:
            live(json.loads(line))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()

"""The demo: the installed daemon against the built-in Notion, in a temporary directory."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from importlib.resources import as_file, files
from pathlib import Path
from typing import TypeAlias

from sync.errors import SyncError
from sync.notion.emulator.emulator import AI_TRACES, DEMO_TOKEN, Emulator
from sync.notion.emulator.server import serve

_PATIENCE = 60.0
"""Seconds after which the demo gives up."""

_LOOK = 0.02

_OURS = ("NOTION_", "AI_TRACES_")

Tell: TypeAlias = Callable[[str], None]
"""Prints a line of what happens."""


async def demonstrate(directory: Path, *, port: int, tell: Tell, stay: asyncio.Event | None) -> None:
    """Show the daemon at work between sample logs and the built-in Notion.

    Args:
        directory: An empty directory for the logs and the state of the demo.
        port: The port of the built-in Notion; 0 for any.
        tell: Prints a line of what happens.
        stay: Ends the demo when set; None if it is to end by itself.

    Raises:
        SyncError: The pages did not appear in time.
    """
    logs, emulator = directory / "logs", Emulator()
    emulator.create_database()
    live = _lay_out(logs)
    count = len(list(logs.rglob("*.md")))
    async with serve(emulator, port=port) as url:
        tell(f"Notion, as built in:  {url}")
        tell(f"The logs directory:   {logs}  ({count} sample logs, one of them faulty)")
        tell("")
        tell("$ ai-traces run")
        async with _daemon(url, logs, directory):
            seconds = await _until(lambda: _pages(emulator) >= count, directory)
            tell(f"  {count} logs became {_pages(emulator)} pages in {seconds:.1f} s, start-up included.")
            await _write_one_more(logs, live, emulator, directory, tell)
            if stay is not None:
                tell("")
                tell(f"Look at the database: {url}")
                tell("Write or change logs in the logs directory and reload the page. Ctrl-C ends the demo.")
                await stay.wait()
    _sum_up(emulator, tell)


def _lay_out(logs: Path) -> Path:
    """Copy the sample logs, and return the one that is written later."""
    with as_file(files("daemon") / "samples") as samples:
        shutil.copytree(samples, logs)
    waiting = logs.parent / "live"
    (logs / "live").rename(waiting)
    return next(waiting.glob("*.md"))


@asynccontextmanager
async def _daemon(url: str, logs: Path, directory: Path) -> AsyncIterator[None]:
    """Run `ai-traces run` as a process of its own."""
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith(_OURS)},
        "NOTION_TOKEN": DEMO_TOKEN,
        "NOTION_DATABASE_ID": AI_TRACES,
        "NOTION_BASE_URL": url,
        "AI_TRACES_LOGS_DIR": str(logs),
        "AI_TRACES_STATE_DIR": str(directory / "state"),
        # The built-in Notion grants what is asked; a real one grants 180 a minute.
        "AI_TRACES_REQUESTS_PER_MINUTE": "6000",
    }
    program = Path(sys.executable).with_name("ai-traces")
    with (directory / "daemon.log").open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            program, "run", env=environ, cwd=directory, stdout=output, stderr=output
        )
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _write_one_more(logs: Path, live: Path, emulator: Emulator, directory: Path, tell: Tell) -> None:
    before = _pages(emulator)
    tell("")
    tell(f"Claude writes one more log: {live.name}")
    shutil.copyfile(live, logs / live.name)
    seconds = await _until(lambda: _pages(emulator) > before, directory)
    tell(f"  Its page was there {seconds * 1000:.0f} ms later.")


async def _until(reached: Callable[[], bool], directory: Path) -> float:
    """Wait for something and return how many seconds it took."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    while not reached():
        if loop.time() - started > _PATIENCE:
            said = (directory / "daemon.log").read_text(encoding="utf-8", errors="replace")[-2_000:]
            raise SyncError(f"The pages did not come within {_PATIENCE:.0f} s", f"The daemon said:\n{said}")
        await asyncio.sleep(_LOOK)
    return loop.time() - started


def _pages(emulator: Emulator) -> int:
    return len(emulator.dump())


def _sum_up(emulator: Emulator, tell: Tell) -> None:
    rows = emulator.dump()
    creates = sum(entry.method == "POST" and entry.path == "/v1/pages" for entry in emulator.journal)
    faulty = [row for row in rows if row["properties"].get("Format Warnings")]
    tell("")
    tell(
        f"{len(rows)} pages by {creates} creates, one for each log; {len(emulator.journal)} requests in all."
    )
    tell(
        f"{len(faulty)} of them with format warnings: a fault is shown on the page, it never keeps a log out."
    )

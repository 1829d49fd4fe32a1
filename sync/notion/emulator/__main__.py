"""`python -m sync.notion.emulator`: the stand-in as a process, for end-to-end tests and for a look."""

import argparse
import asyncio
import json
import os
import signal
from pathlib import Path

from sync.notion.emulator.emulator import AI_TRACES, DEMO_TOKEN, Emulator
from sync.notion.emulator.mishaps.ratelimit import FixedWindow
from sync.notion.emulator.server import serve
from sync.notion.emulator.snapshot import restore, snapshot

_SAVE_EVERY = 0.5


def main() -> None:
    """Serve until killed; the first line on stdout says where, as JSON."""
    asyncio.run(_run(_options()))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sync.notion.emulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--rate", type=int, help="requests per minute; unlimited when not given")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds that every answer takes")
    parser.add_argument("--firewall", action="store_true", help="refuse texts that look like attacks")
    parser.add_argument("--seed", type=int, default=0, help="of the ids")
    parser.add_argument("--token", default=DEMO_TOKEN)
    parser.add_argument("--database-id", default=AI_TRACES)
    parser.add_argument("--state", type=Path, help="a JSON file that keeps the workspace between runs")
    return parser.parse_args()


async def _run(options: argparse.Namespace) -> None:
    emulator = Emulator(
        seed=options.seed,
        token=options.token,
        rate=FixedWindow(options.rate) if options.rate else None,
        firewall=options.firewall,
        latency=options.latency,
    )
    database = emulator.create_database(database_id=options.database_id)
    if options.state and options.state.exists():
        restore(emulator.workspace, json.loads(options.state.read_text(encoding="utf-8")))
    ended = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, ended.set)
    async with serve(emulator, options.host, options.port) as url:
        line = {"url": url, "token": options.token, "database_id": database.id, "pid": os.getpid()}
        print(json.dumps(line), flush=True)  # noqa: T201  # the line that the caller waits for
        await _until(ended, emulator, options.state)


async def _until(ended: asyncio.Event, emulator: Emulator, state: Path | None) -> None:
    saved = -1
    while not ended.is_set():
        if state and len(emulator.journal) != saved:
            saved = len(emulator.journal)
            _save(emulator, state)
        try:
            await asyncio.wait_for(ended.wait(), _SAVE_EVERY)
        except TimeoutError:
            continue
    if state:
        _save(emulator, state)


def _save(emulator: Emulator, state: Path) -> None:
    """Replace the file at once, so that a kill leaves the old one or the new one."""
    emulator.settle()
    draft = state.with_suffix(f"{state.suffix}.new")
    draft.write_text(json.dumps(snapshot(emulator.workspace)), encoding="utf-8")
    draft.replace(state)


if __name__ == "__main__":
    main()

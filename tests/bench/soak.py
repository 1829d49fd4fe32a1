"""The daemon at full rate for a long time, with mishaps all the way: `make soak`.

At the end it must be in step, have one page for each log and all of its text, have kept all that a person
wrote, and hold no more memory, descriptors and threads than in the middle.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table

import filled
import installed
import likeness
import meter
from figures import Bar, Figure
from remote import remote
from turmoil import Human, Mishaps, Writer

_SEED = 20_260_110
_PER_MINUTE = 6_000
_SETTLE = 5.0
_SAMPLE_EVERY = 5.0
_WRITE_EVERY = 0.05
_LOOK_EVERY = 10.0
_MISHAPS_EVERY = 2.0
_IN_STEP_WITHIN = 600.0


@dataclass(frozen=True, slots=True)
class Sample:
    """What the daemon held at a time."""

    megabytes: float
    descriptors: int
    threads: int


@dataclass(slots=True)
class Soak:
    """One soak.

    Attributes:
        samples: What the daemon held, every few seconds.
        changes: How many logs were written, renamed or deleted.
    """

    pid: int
    logs: Path
    environ: Mapping[str, str]
    writer: Writer
    human: Human
    mishaps: Mishaps
    samples: list[Sample] = field(default_factory=list)
    changes: int = 0

    async def last(self, seconds: float) -> None:
        """Let everything happen at once for so long."""
        await self.mishaps.begin()
        ends = time.monotonic() + seconds
        await asyncio.gather(self._write(ends), self._look(ends), self._go_wrong(ends), self._watch(ends))
        await self.mishaps.end()

    async def _write(self, ends: float) -> None:
        while time.monotonic() < ends:
            self.writer.step()
            self.changes += 1
            await asyncio.sleep(_WRITE_EVERY)

    async def _look(self, ends: float) -> None:
        while time.monotonic() < ends:
            await self.human.step()
            await asyncio.sleep(min(_LOOK_EVERY, max(ends - time.monotonic(), 0)))

    async def _go_wrong(self, ends: float) -> None:
        while time.monotonic() < ends:
            await self.mishaps.go_on()
            await asyncio.sleep(min(_MISHAPS_EVERY, max(ends - time.monotonic(), 0)))

    async def _watch(self, ends: float) -> None:
        while time.monotonic() < ends:
            self.samples.append(
                Sample(
                    meter.resident_megabytes(self.pid), meter.descriptors(self.pid), meter.threads(self.pid)
                )
            )
            await asyncio.sleep(min(_SAMPLE_EVERY, max(ends - time.monotonic(), 0)))

    async def in_step_after(self) -> float:
        """Have the pages back that she trashed; return how long it takes until both copies are in step."""
        started = time.monotonic()
        while time.monotonic() - started < _IN_STEP_WITHIN:
            status = await self._said("status", "--json")
            if status["trashed"]:
                await self._said("retry", str(self.logs))
            elif not status["pending"] and not status["quarantined"]:
                # What she has moved to the trash no listing shows: only asking for the page does.
                findings = await self._said("verify", "--repair", "--json")
                if not any(findings.values()) and not (await self._said("status", "--json"))["trashed"]:
                    return time.monotonic() - started
            await asyncio.sleep(1)
        return float("inf")

    async def differences(self) -> Mapping[str, Sequence[str]]:
        """Return what `verify --deep` finds."""
        found: dict[str, Sequence[str]] = await self._said("verify", "--deep", "--json")
        return found

    async def _said(self, *arguments: str) -> Any:  # noqa: ANN401 - JSON; who asks knows its shape
        process = await asyncio.create_subprocess_exec(
            installed.PROGRAM, *arguments, env={**os.environ, **self.environ}, stdout=asyncio.subprocess.PIPE
        )
        out, _ = await process.communicate()
        return json.loads(out) if "--json" in arguments else None


def main() -> None:
    """Soak for SOAK_SECONDS, 900 unless set, print a table, and end with 1 when something is amiss."""
    seconds = float(os.environ.get("SOAK_SECONDS") or 900)
    with TemporaryDirectory(prefix="ai-traces-soak-") as directory:
        figures = asyncio.run(_soaked(Path(directory), seconds))
    Console().print(_table(figures, seconds))
    sys.exit(1 if any(figure.clears_bar is False for figure in figures) else 0)


async def _soaked(directory: Path, seconds: float) -> list[Figure]:
    chance = Random(_SEED)  # noqa: S311 - the same soak each time
    async with remote("--rate", str(_PER_MINUTE), "--seed", str(_SEED)) as notion:
        environ = {
            **filled.environ(directory, notion.url),
            "AI_TRACES_REQUESTS_PER_MINUTE": str(_PER_MINUTE),
            "AI_TRACES_SETTLE_SECONDS": str(_SETTLE),
            "AI_TRACES_DRIFT_CHECK_SECONDS": "15",
            "AI_TRACES_RESCAN_SECONDS": "60",
            "AI_TRACES_MAX_DELETES": "100%",
            "AI_TRACES_LOG_LEVEL": "warning",
        }
        logs = Path(environ["AI_TRACES_LOGS_DIR"])
        logs.mkdir()  # noqa: ASYNC240 - nothing else runs yet
        async with installed.daemon(environ, directory) as daemon:
            bot = (await notion.ask("ids"))["bot"]
            soak = Soak(
                pid=daemon.pid,
                logs=logs,
                environ=environ,
                writer=Writer(logs, chance),
                human=Human(notion, bot, chance),
                mishaps=Mishaps(notion, chance),
            )
            await soak.last(seconds)
            waited = await soak.in_step_after()
            differences = await soak.differences()
            pages = await notion.ask("dump")
        if waited == float("inf") or any(differences.values()):
            Console(stderr=True).print({kind: paths for kind, paths in differences.items() if paths})
            Console(stderr=True).print((directory / "daemon.log").read_text(encoding="utf-8")[-4_000:])
        found = sum(map(len, differences.values()))
        return [
            *_held(soak.samples),
            *likeness.compared(logs, pages, touched=soak.human.touched, said=soak.human.said),
            Figure("found by verify --deep", found, "logs", Bar(0)),
            *_had(soak, seconds, waited),
        ]


def _held(samples: Sequence[Sample]) -> Iterator[Figure]:
    third = len(samples) // 3
    middle, last = samples[third : 2 * third], samples[-third:]
    before, after = (median(each.megabytes for each in part) for part in (middle, last))
    yield Figure("memory in the middle third", before, "MB")
    yield Figure("memory in the last third", after, "MB")
    yield Figure("growth of memory", 100 * (after / before - 1), "%", Bar(5))
    # Connections come and go with what is in flight.
    for name, most in (("descriptors", 8), ("threads", 2)):
        was, became = (median(getattr(each, name) for each in part) for part in (middle, last))
        yield Figure(f"{name} in the middle third", was, "")
        yield Figure(f"growth of {name}", became - was, "", Bar(most))


def _had(soak: Soak, seconds: float, waited: float) -> Iterator[Figure]:
    yield Figure("in step after the last mishap", waited, "s", Bar(_IN_STEP_WITHIN))
    yield Figure("requests", soak.mishaps.requests, "")
    yield Figure("requests a minute", 60 * soak.mishaps.requests / seconds, "")
    yield Figure("mishaps", sum(soak.mishaps.struck.values()), "")
    yield Figure("kinds of mishaps", len(soak.mishaps.struck), "")
    yield Figure("changes of logs", soak.changes, "")
    yield Figure("comments and blocks of hers", sum(map(len, soak.human.said.values())), "")


def _table(figures: Sequence[Figure], seconds: float) -> Table:
    table = Table(title=f"soak ({seconds:.0f} s)", title_justify="left", min_width=90)
    table.add_column("what", ratio=1)
    for name in ("value", "unit", "bar", ""):
        table.add_column(name, justify="right")
    marks = {True: "✓", False: "✗", None: ""}
    for figure in figures:
        value, mark = f"{figure.value:,.4g}", marks[figure.clears_bar]
        table.add_row(figure.name, value, figure.unit, str(figure.bar or ""), mark)
    return table


if __name__ == "__main__":
    main()

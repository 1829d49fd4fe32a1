"""Three machines, one database, one budget: real daemons, a real Redis, a Notion that counts its minutes."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sync.notion.emulator import Emulator, FixedWindow
from tests.installed.material import Material
from tests.installed.patience import Wait
from tests.installed.product import Product, Running
from tests.installed.served_notion import Notion
from tests.installed.stage import Stage

if TYPE_CHECKING:
    from tests.e2e.fleet.conftest import RedisServer

HOSTS = ("ada", "bob", "cyd")
REFUSED = 429
LIMIT = 180
PERMITTED = 0.97 * LIMIT / 60
"""Requests in a second that no minute, whatever its phase, sees overrun."""


@dataclass
class Fleet:
    """The machines, each with its own directory and state.

    Attributes:
        machines: The product as each has it, by name.
        running: The daemons.
    """

    notion: Notion
    machines: dict[str, Product]
    running: dict[str, Running] = field(default_factory=dict)

    def start(self) -> None:
        """Start every daemon."""
        for name, machine in self.machines.items():
            self.running[name] = machine.start("run")

    def pages(self) -> Counter[str]:
        """Return how many pages each host has."""
        paths = (page["properties"]["Log Path"] for page in self.notion.dump())
        return Counter(path.partition(":")[0] for path in paths)

    def over(self, seconds: float) -> tuple[int, Counter[str]]:
        """Let time pass; return how many requests Notion took meanwhile, and the pages by host."""
        pages, asked = self.pages(), len(self.notion.journal())
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            time.sleep(0.1)
        return len(self.notion.journal()) - asked, self.pages() - pages

    def refused(self) -> int:
        """Return how often Notion said no."""
        return sum(entry.status == REFUSED for entry in self.notion.journal())

    def said(self, event: str) -> dict[str, list[dict[str, Any]]]:
        """Return the events of a name that each daemon wrote."""
        lines = {name: running.said().splitlines() for name, running in self.running.items()}
        return {
            name: [told for line in written if (told := json.loads(line))["event"] == event]
            for name, written in lines.items()
        }

    def activity(self, name: str) -> dict[str, Any]:
        """Return what `status` says a daemon is doing."""
        status = json.loads(self.machines[name].call("status", "--json").out)
        return {**status["activity"], "problems": status["problems"]}


@contextmanager
def _fleet(stage: Stage, home: Path, redis: "RedisServer", *, limit: int) -> Iterator[Fleet]:
    emulator = Emulator(rate=FixedWindow(limit), latency=0.2)
    emulator.create_database()
    with ExitStack() as stack:
        first, notion = stack.enter_context(stage(home, emulator))
        machines = {}
        for name in HOSTS:
            place = home / name
            for folder in ("logs", "state"):
                (place / folder).mkdir(parents=True)
            settings = {
                **first.settings,
                "HOME": str(place),
                "AI_TRACES_HOST": name,
                "AI_TRACES_LOGS_DIR": str(place / "logs"),
                "AI_TRACES_STATE_DIR": str(place / "state"),
                "AI_TRACES_REQUESTS_PER_MINUTE": str(limit),
                "AI_TRACES_BUDGET_URL": redis.url,
            }
            machines[name] = type(first)(place, settings)
        fleet = Fleet(notion, machines)
        try:
            yield fleet
        finally:
            for machine in machines.values():
                for each in machine.running:
                    if each.process.poll() is None:
                        each.process.kill()
                        each.process.wait(30)


def _fill(fleet: Fleet, material: Material, *, logs: int) -> None:
    for name, machine in fleet.machines.items():
        for number in range(logs):
            machine.write(f"{number:04}.md", material.execution(f"{name}-{number}", "done"))


def _shares_fairly(pages: Counter[str], *, of: int) -> None:
    assert min(pages[name] for name in HOSTS) >= 0.8 * of / len(HOSTS), pages


def _connected(fleet: Fleet, wait: Wait) -> None:
    wait(lambda: all(fleet.said("notion.connected").values()), what="all are connected")
    wait(lambda: min(fleet.pages()[name] for name in HOSTS) > 0, what="all have begun")


def _shows_no_password(fleet: Fleet, home: Path) -> None:
    texts = [each.said() + each.out.read_text() for m in fleet.machines.values() for each in m.running]
    files = [path for path in home.rglob("*") if path.is_file() and "redis" not in path.parts]
    assert not [text for text in texts if "CANARY" in text]
    assert not [path for path in files if b"CANARY" in path.read_bytes()]


def test_three_machines_draw_on_one_budget(
    stage: Stage, tmp_path: Path, redis: "RedisServer", material: Material, wait: Wait
) -> None:
    """Over 95 % used, nothing refused, fair; with Redis killed each goes on at its share, and back again."""
    with _fleet(stage, tmp_path / "home", redis, limit=LIMIT) as fleet:
        _fill(fleet, material, logs=120)
        fleet.start()
        _connected(fleet, wait)
        sent, pages = fleet.over(20)
        assert sent >= 0.95 * 20 * PERMITTED
        _shares_fairly(pages, of=sent)
        assert fleet.activity("ada")["hosts"] == len(HOSTS)

        redis.kill()
        wait(lambda: all(fleet.said("budget.alone").values()), what="each says that it is alone")
        sent, pages = fleet.over(15)
        assert sent >= 0.9 * 15 * PERMITTED
        _shares_fairly(pages, of=sent)
        fleet.running["bob"].stop()
        fleet.running["bob"] = fleet.machines["bob"].start("run")
        wait(lambda: bool(fleet.said("budget.alone")["bob"]), what="it is alone from its start")
        wait(lambda: "Redis" in json.dumps(fleet.activity("bob")["problems"]), what="status says why")
        assert fleet.activity("bob")["hosts"] == len(HOSTS)

        redis.start()
        wait(
            lambda: all(fleet.activity(name)["problems"] == [] for name in HOSTS),
            what="each shares again",
        )
        sent, pages = fleet.over(15)
        assert sent >= 0.9 * 15 * PERMITTED
        _shares_fairly(pages, of=sent)
        assert fleet.refused() == 0
        for running in fleet.running.values():
            ended, _ = running.stop()
            assert ended.code == 0
        assert "ada-" not in redis.command("KEYS", "*")
        _shows_no_password(fleet, tmp_path / "home")


def test_a_wrong_password_needs_a_person_and_stops_nothing(
    stage: Stage, tmp_path: Path, redis: "RedisServer", material: Material, wait: Wait
) -> None:
    """The page comes all the same; `status` and `doctor` say what to correct, and show no password."""
    with _fleet(stage, tmp_path / "home", redis, limit=LIMIT) as fleet:
        machine = fleet.machines["ada"]
        machine.settings["AI_TRACES_BUDGET_URL"] = redis.url.replace("p4ss", "no")
        machine.write("one.md", material.execution("ONE", "text"))
        fleet.running["ada"] = machine.start("run")
        wait(lambda: fleet.pages()["ada"] == 1, what="the page is there")
        wait(lambda: bool(fleet.activity("ada")["problems"]), what="status says so")
        problem = fleet.activity("ada")["problems"][0]
        assert problem["needs_a_person"]
        assert "AI_TRACES_BUDGET_URL" in problem["hint"]
        assert "does not accept the password" in " ".join(machine.call("doctor").out.split())
        fleet.running["ada"].stop()
        _shows_no_password(fleet, tmp_path / "home")


@pytest.mark.slow
@pytest.mark.parametrize("limit", [180, 600])
def test_minutes_of_a_shared_budget(
    stage: Stage, tmp_path: Path, redis: "RedisServer", material: Material, wait: Wait, limit: int
) -> None:
    """Over minutes, over 95 % is used, nothing refused, and nobody below 80 % of the fair share."""
    with _fleet(stage, tmp_path / "home", redis, limit=limit) as fleet:
        _fill(fleet, material, logs=limit * 2)
        fleet.start()
        _connected(fleet, wait)
        sent, pages = fleet.over(180)
        assert sent >= 0.95 * 3 * limit
        assert fleet.refused() == 0
        _shares_fairly(pages, of=sent)
        redis.kill()
        sent, _ = fleet.over(60)
        assert sent >= 0.9 * limit
        redis.start()
        sent, pages = fleet.over(60)
        assert sent >= 0.85 * limit
        _shares_fairly(pages, of=sent)
        assert fleet.refused() == 0

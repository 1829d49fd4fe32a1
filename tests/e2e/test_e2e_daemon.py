"""`ai-traces run` as a process: stopped, killed, refused, cut off, beside another; nothing is lost."""

import json
import shutil
import signal
import time

import pytest

from sync.notion.emulator import Fault, FaultKind
from tests.installed.material import Material
from tests.installed.patience import AT_ONCE, Wait
from tests.installed.product import Product
from tests.installed.served_notion import Notion


@pytest.mark.parametrize("kind", [FaultKind.DELAY, FaultKind.HANG, FaultKind.RATE_LIMITED])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda each: each.name)
def test_it_stops_when_told(
    product: Product,
    notion: Notion,
    material: Material,
    wait: Wait,
    number: signal.Signals,
    kind: FaultKind,
) -> None:
    """Told to stop in the middle of work, it ends with 0 within 5 s; the next one completes the work."""
    logs = material.small_logs(40)
    running = product.daemon()
    notion.suffers(Fault(kind=kind, path="/v1/pages$", nth=10, count=0, seconds=30))
    for path, content in logs.items():
        product.write(path, content)
    wait(lambda: notion.creates() >= 12, what="work under way")
    ended, seconds = running.stop(number)
    assert (ended.code, ended.out) == (0, "")
    assert seconds < AT_ONCE
    assert "Traceback" not in ended.err
    notion.ask(lambda emulator: emulator.faults.clear())
    product.daemon()
    wait(lambda: notion.count() == len(logs), what="the rest")
    pages = notion.pages()
    assert all(material.holds(pages[path], content) for path, content in logs.items())


@pytest.mark.parametrize("kind", [FaultKind.HANG, FaultKind.UNAVAILABLE, FaultKind.OVERLOAD])
def test_it_stops_before_it_is_connected(
    product: Product, notion: Notion, wait: Wait, kind: FaultKind
) -> None:
    """Told to stop while Notion does not answer its first question, it ends with 0 within 5 s."""
    notion.suffers(Fault(kind=kind, count=0, seconds=40))
    running = product.start("run")
    wait(lambda: bool(notion.journal()), what="the first request")
    ended, seconds = running.stop()
    assert ended.code == 0
    assert seconds < AT_ONCE


def test_nothing_is_watched_after_the_stop(product: Product, notion: Notion) -> None:
    """The stop does not look like a failure of the watcher."""
    running = product.daemon()
    ended, _ = running.stop()
    assert notion.count() == 0
    assert "watch.deaf" not in ended.err


def test_only_one_runs(product: Product) -> None:
    """A second daemon on the same state ends with 75 and says which process is the first."""
    running = product.daemon()
    second = product.call("run")
    assert (second.code, second.out) == (75, "")
    assert str(running.process.pid) in second.err
    assert running.process.poll() is None


@pytest.mark.parametrize("settings", [{"NOTION_TOKEN": ""}, {"AI_TRACES_REDACT": "perhaps"}], ids=str)
def test_a_configuration_that_cannot_work_ends_it(product: Product, settings: dict[str, str]) -> None:
    """It ends with 78 and says which variable to set to what."""
    ended = product.call("run", settings=settings)
    assert (ended.code, ended.out) == (78, "")
    assert next(iter(settings)) in ended.err


def test_a_refused_token_does_not_end_it(
    product: Product, notion: Notion, material: Material, wait: Wait
) -> None:
    """Refused by Notion it stays up, `status` says so and a backfill beside it ends with 77."""
    product.write("a.md", material.execution("A"))
    running = product.start("run", settings={"NOTION_TOKEN": "ntn_wrong"})
    wait(lambda: "notion.unusable" in running.said(), what="it has noticed")
    told = json.loads(product.call("status", "--json").out)
    assert told["daemon"] == {"running": True, "pid": running.process.pid}
    assert any("token" in problem["what"] and problem["hint"] for problem in told["problems"])
    assert product.call("status").code == 1
    beside = product.call("backfill")
    assert (beside.code, beside.out) == (77, "")
    assert "token" in beside.err
    assert len(notion.journal()) <= 4
    assert running.stop()[0].code == 0


def test_an_outage_passes(product: Product, notion: Notion, material: Material, wait: Wait) -> None:
    """While Notion is out of order nothing is lost and little is asked; after that all is done by itself."""
    running = product.daemon()
    notion.suffers(Fault(kind=FaultKind.UNAVAILABLE, count=0))
    logs = material.small_logs(30)
    for path, content in logs.items():
        product.write(path, content)
    wait(lambda: len(notion.journal()) > 3, what="it has tried")
    before = len(notion.journal())
    time.sleep(1)
    assert len(notion.journal()) - before < 60
    notion.ask(lambda emulator: emulator.faults.clear())
    wait(lambda: notion.count() == len(logs), what="all pages", within=60)
    assert notion.pages().keys() == logs.keys()
    assert running.process.poll() is None


def test_killed_and_started_again(product: Product, notion: Notion, material: Material, wait: Wait) -> None:
    """Killed in a burst, again and again, the daemon ends with one whole page for each log."""
    logs = material.small_logs(60)
    for nth in (5, 12, 20):
        running = product.start("run")
        notion.suffers(
            Fault(kind=FaultKind.SIGNAL, path="/v1/pages$", nth=nth, when="after", pid=running.process.pid)
        )
        for path, content in logs.items():
            product.write(path, content)
        assert running.ended().code == -signal.SIGKILL
    product.daemon()
    wait(lambda: notion.count() >= len(logs), what="all pages")
    time.sleep(0.5)
    pages = notion.pages()
    assert pages.keys() == logs.keys()
    assert all(material.holds(pages[path], content) for path, content in logs.items())


def test_a_backfill_beside_it_hands_over(product: Product, notion: Notion, material: Material) -> None:
    """Beside a running daemon a backfill has that one do the work, and reports; a rehearsal works, too."""
    running = product.daemon({"AI_TRACES_RESCAN_SECONDS": "0"})
    notion.suffers(Fault(kind=FaultKind.DELAY, path="/v1/pages$", seconds=3.0, count=0))
    logs = material.small_logs(40)
    for path, content in logs.items():
        product.write(path, content)
    told = product.call("backfill", "--json")
    assert told.code == 0
    summary = json.loads(told.out)
    assert summary["created"] + summary["unchanged"] == len(logs)
    assert summary["created"] > 0
    assert notion.creates() == len(logs)
    assert notion.pages().keys() == logs.keys()
    again = product.call("backfill")
    assert "running daemon" in again.out
    rehearsal = product.call("backfill", "--dry-run")
    assert (rehearsal.code, rehearsal.err) == (0, "")
    assert "Everything is in step" in rehearsal.out
    assert running.process.poll() is None


def test_a_backfill_takes_over_from_a_daemon_that_ends(
    product: Product, notion: Notion, material: Material, wait: Wait
) -> None:
    """When the daemon ends while a backfill waits for it, the backfill does the rest itself."""
    running = product.daemon()
    notion.suffers(Fault(kind=FaultKind.DELAY, path="/v1/pages$", nth=5, seconds=0.5, count=0))
    logs = material.small_logs(100)
    for path, content in logs.items():
        product.write(path, content)
    beside = product.start("backfill")
    wait(lambda: notion.creates() > 20, what="work under way")
    assert running.stop()[0].code == 0
    notion.ask(lambda emulator: emulator.faults.clear())
    assert beside.ended().code == 0
    assert notion.pages().keys() == logs.keys()
    assert notion.creates() <= len(logs) + 20


def test_a_daemon_whose_state_is_removed_makes_room_for_the_next(
    product: Product, notion: Notion, material: Material, wait: Wait
) -> None:
    """It ends with 1, so that the service starts again, which finds the pages and makes none twice."""
    product.write("there.md", material.execution("THERE", "before"))
    first = product.daemon()
    wait(lambda: notion.count() == 1, what="the log that was there")
    shutil.rmtree(product.state)
    ended = first.ended()
    assert (ended.code, "was removed or replaced" in ended.err) == (1, True)

    product.daemon()
    product.write("new.md", material.execution("NEW", "after"))
    wait(lambda: notion.count() == 2, what="a log after the loss")

"""The daemon's life: no full disk ends it, no trouble is told twice, and a stop is quick and quiet."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from daemon import breaker, hearing, service
from daemon.breaker import Closed, Open
from daemon.presence.notify import Notifier
from sync.comparison import drift
from sync.names import LogPath
from sync.notion.emulator import Fault, FaultKind
from sync.state.records import Standing
from sync.state.store import Store
from sync.verdict import Verdict
from tests.worlds.living import living, ready
from tests.worlds.manager import Manager
from tests.worlds.patience import until
from tests.worlds.place import Place
from tests.worlds.world import World

LOG = "# Execution Log: T-{}\n\nText.\n"


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the waits, of half a minute and more, after which the state is tried again."""
    monkeypatch.setattr(breaker, "FIRST_ACCESS_PAUSE", timedelta(seconds=0.2))
    monkeypatch.setattr(breaker, "LONGEST_PAUSE", timedelta(seconds=0.2))
    monkeypatch.setattr(service, "UNUSABLE_RESCAN", 0.3)
    monkeypatch.setattr(hearing, "TICK", 0.05)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("trouble", ["unwritable", "unreadable"])
async def test_a_full_disk_does_not_end_it(empty: Place, manager: Manager, trouble: str) -> None:
    """It stays up, needs a person, sends nothing meanwhile, and does it all once there is room again."""
    empty.changed["AI_TRACES_DRIFT_CHECK_SECONDS"] = "1"
    async with ready(empty, notifier=Notifier(manager.environ)) as daemon:
        getattr(daemon, trouble)()
        empty.write("a.md")
        await until(lambda: isinstance(daemon.session.worker.breaker, Open))
        seen = daemon.session.worker.breaker
        assert isinstance(seen, Open)
        assert seen.cause.needs_a_person
        await until(lambda: any("state" in said for said in manager.heard()))
        await asyncio.sleep(0.9)
        assert not daemon.life.done()
        assert empty.keys() == []
        daemon.usable()
        await until(lambda: empty.keys() == ["a.md"])
        await until(lambda: isinstance(daemon.session.worker.breaker, Closed))
        empty.write("b.md")
        await until(lambda: empty.keys() == ["a.md", "b.md"])
    assert daemon.life.exception() is None


async def test_a_wait_for_what_became_of_the_properties_is_told(empty: Place) -> None:
    """The answer to their addition is lost: for more than a minute nothing is sent, and the log says why."""
    empty.notion.faults.add(Fault(kind=FaultKind.RESET_AFTER, method="PATCH", path="data_sources"))
    async with ready(empty) as daemon:
        (told,) = daemon.events("schema.in_doubt")
        assert told["log_level"] == "warning"
        assert told["seconds"] == pytest.approx(0.05, abs=0.05)
        assert daemon.events("notion.unusable") == []


async def test_a_defect_in_a_check_does_not_end_it(empty: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever breaks while Notion is asked who was there is told, and logs are synced all the same."""

    def broken(*_: object, **__: object) -> None:
        raise ValueError("a defect")

    empty.changed["AI_TRACES_DRIFT_CHECK_SECONDS"] = "1"
    monkeypatch.setattr(drift, "further_pages", broken)
    async with ready(empty) as daemon:
        await until(lambda: bool(daemon.events("drift.failed")))
        assert daemon.events("drift.failed")[0]["log_level"] == "error"
        assert isinstance(daemon.events("drift.failed")[0]["exc_info"], ValueError)
        empty.write("a.md")
        await until(lambda: empty.keys() == ["a.md"])
    assert daemon.life.exception() is None


async def test_a_check_that_begins_anew_says_so_once(empty: Place) -> None:
    """What is damaged is thrown away; every check after that is like any other."""
    empty.changed["AI_TRACES_DRIFT_CHECK_SECONDS"] = "1"
    with Store.open(empty.settings.state_dir) as store:
        store.remember("drift_checked_until", "no time at all")
    async with ready(empty) as daemon:
        kept = partial(daemon.session.store.fact, "drift_checked_until")
        await until(lambda: (kept() or "").startswith("20"))
        await asyncio.sleep(1)
        await asyncio.sleep(1)
        assert len(daemon.events("drift.begun_anew")) == 1
        assert daemon.events("drift.begun_anew")[0]["log_level"] == "warning"
        assert daemon.events("drift.failed") == []


@pytest.mark.usefixtures("hurried")
async def test_a_disk_that_is_full_in_the_middle_of_work(empty: Place) -> None:
    """What was under way is neither lost nor done twice."""
    empty.notion.latency = 0.2
    async with ready(empty) as daemon:
        for number in range(20):
            empty.write(f"{number:02}.md")
        await until(lambda: len(empty.notion.journal.writes()) > 3)
        daemon.unwritable()
        await until(lambda: isinstance(daemon.session.worker.breaker, Open))
        await asyncio.sleep(0.5)
        assert not daemon.life.done()
        daemon.usable()
        await until(lambda: daemon.session.backlog.count() == 0)
    assert empty.keys() == [f"{number:02}.md" for number in range(20)]


@pytest.mark.usefixtures("hurried")
async def test_it_goes_on_when_there_is_nothing_left_to_try(empty: Place) -> None:
    """A trouble with the state that passed while no log waits does not keep it from asking for ever."""
    async with ready(empty) as daemon:
        daemon.unreadable()
        await until(lambda: isinstance(daemon.session.worker.breaker, Open))
        daemon.usable()
        await until(lambda: isinstance(daemon.session.worker.breaker, Closed))


async def test_a_full_disk_is_no_reason_to_scan_all_the_time(empty: Place) -> None:
    """Whatever cannot be put on the list: at most one scan in half a minute makes up for it."""
    empty.write("there.md")
    async with ready(empty) as daemon:
        await until(lambda: empty.keys() == ["there.md"])
        scans: Counter[bool] = Counter()
        daemon.session.store.connection.set_trace_callback(
            lambda statement: scans.update(["EXISTS seen" in statement])
        )
        daemon.unwritable()
        for number in range(4):
            empty.write(f"{number}.md")
            await asyncio.sleep(0.3)
        await until(lambda: bool(daemon.events("state.unusable")))
        daemon.session.store.connection.set_trace_callback(None)
        assert scans[True] <= 1
        assert len(daemon.events("state.unusable")) == 1


async def test_a_stop_in_an_outage_does_not_say_that_it_is_over(empty: Place) -> None:
    """Told to stop while Notion cannot be used, it ends without a word of its being usable again."""
    empty.notion.access.token = "ntn_another"
    async with living(empty) as daemon:
        await until(lambda: bool(daemon.events("notion.unusable")))
    assert daemon.events("notion.usable_again") == []


@pytest.mark.parametrize("trashed", ["respect", "restore"])
async def test_pages_in_the_trash_come_back_when_the_setting_says_so(empty: Place, trashed: str) -> None:
    """A restart with AI_TRACES_ON_PAGE_TRASHED=restore brings back what was left there before, unasked."""
    empty.write("a.md")
    async with ready(empty) as daemon:
        await until(lambda: empty.keys() == ["a.md"])
        (page,) = empty.notion.dump()
        empty.notion.human.trash_page(page["id"])
        empty.write("a.md", "# Execution Log: T-2\n\nAnother text.\n")
        await until(lambda: bool(daemon.session.store.standing(Standing.TRASHED)))
    empty.notion.journal.clear()
    empty.changed["AI_TRACES_ON_PAGE_TRASHED"] = trashed
    async with ready(empty) as daemon:
        if trashed == "restore":
            await until(lambda: empty.keys() == ["a.md"])
            await until(lambda: not daemon.session.backlog.count())
            record = daemon.session.store.page(LogPath("a.md"))
            assert record is not None
            assert record.standing is Standing.TRACKED
        else:
            assert daemon.session.backlog.count() == 0
            assert empty.notion.journal.writes() == []
            assert empty.keys() == []
    assert len(empty.notion.dump()) == 1


async def test_a_trashed_page_whose_log_says_again_what_it_shows_comes_back(world: World) -> None:
    """With restore, content equal to what the page showed before the trash does not make it one in step."""
    first = await world.sync("a.md", LOG.format(1))
    page_id = world.page("a.md")["id"]
    world.notion.human.trash_page(page_id)
    assert [*first, *await world.sync("a.md", LOG.format(2))] == [Verdict.CREATED, Verdict.TRASHED]
    world.rules = replace(world.rules, restore_trashed=True)
    await world.restart()
    await world.sync("a.md", LOG.format(1))
    assert world.check("a.md")["id"] == page_id


def _has_page(place: Place, name: str) -> bool:
    return name in place.keys()  # noqa: SIM118 - no mapping


async def test_a_database_that_changes_is_told_once(empty: Place) -> None:
    """A property that somebody retypes while the daemon runs is a warning, when it is met and not again."""
    async with ready(empty) as daemon:
        source = next(iter(empty.notion.workspace.data_sources))
        empty.notion.human.retype_property(source, "ENV", "number")
        for name in ("a.md", "b.md", "c.md"):
            empty.write(name, "# Execution Log: T\n\n**ENV:** dev\n")
            await until(partial(_has_page, empty, name))
        assert len([line for line in daemon.events("schema.warning") if "ENV" in line["detail"]]) == 1

"""A whole backfill, as the command runs it: every log in step once, and the counts that say so."""

import asyncio
from datetime import timedelta

import pytest

from daemon import breaker
from daemon.backfill.alone import backfill
from daemon.backfill.rehearsal import rehearse, totals
from daemon.backfill.tally import Progress, Tally
from sync.errors import AccessLost, StateUnusable
from sync.notion.emulator import Fault, FaultKind
from sync.state.facts import remembered_named
from sync.state.store import Store
from tests.worlds.patience import PATIENCE
from tests.worlds.place import Place

LOG = "# Execution Log: T-{}\n\nText.\n"


async def test_a_first_backfill_makes_a_page_for_each_log(place: Place) -> None:
    """One page a log, the counts say so, and the requests are those and a few."""
    summary = await place.run()
    assert (summary.created, summary.updated, summary.unchanged, summary.failed) == (30, 0, 0, 0)
    assert summary.in_step
    assert place.keys() == [f"{number:02}.md" for number in range(30)]
    assert summary.requests == len(place.notion.journal) <= 30 + 8
    assert set(place.notion.journal.statuses()) == {"200"}
    assert place.shown[-1] == Progress(30, 30)


async def test_what_is_in_step_is_remembered_with_its_database(place: Place) -> None:
    """So that `status` notices settings that name another one."""
    await place.run()
    with Store.open(place.settings.state_dir) as store:
        assert remembered_named(store) == place.settings.notion_database_id


async def test_a_second_backfill_writes_nothing(place: Place) -> None:
    """All is unchanged, at a few reads."""
    await place.run()
    summary = await place.run()
    assert (summary.created, summary.updated, summary.unchanged) == (0, 0, 30)
    assert place.notion.journal.writes() == []
    assert summary.requests <= 4


async def test_only_what_differs_is_worked_on(place: Place) -> None:
    """New, changed and unchanged logs are told apart."""
    await place.run()
    place.write("new.md", LOG.format("new"))
    place.write("07.md", LOG.format("changed"))
    summary = await place.run()
    assert (summary.created, summary.updated, summary.unchanged) == (1, 1, 29)


async def test_a_backfill_of_named_logs_leaves_the_others(place: Place) -> None:
    """Files and directories may be named."""
    place.write("exceptions/a.md", LOG.format("a"))
    summary = await place.run("exceptions", "03.md")
    assert summary.created == 2
    assert place.keys() == ["03.md", "exceptions/a.md"]


async def test_without_state_the_pages_are_adopted(place: Place) -> None:
    """Nothing is created or written; the counts tell adoption."""
    await place.run()
    for file in (place.directory / "state").iterdir():
        file.unlink()
    summary = await place.run()
    assert (summary.created, summary.updated, summary.unchanged) == (0, 0, 30)
    assert place.notion.journal.writes() == []
    assert summary.adopted == 30


async def test_lost_answers_leave_one_page_a_log(place: Place) -> None:
    """Every fifth create loses its answer, before or after it is carried out: still thirty pages."""
    for nth in range(3, 30, 5):
        kind = FaultKind.RESET_AFTER if nth % 2 else FaultKind.RESET_BEFORE
        place.notion.faults.add(Fault(kind=kind, method="POST", path="pages$", nth=nth))
    summary = await place.run()
    assert place.keys() == [f"{number:02}.md" for number in range(30)]
    assert summary.in_step
    assert (await place.run()).unchanged == 30


async def test_a_stopped_backfill_goes_on_where_it_was(place: Place) -> None:
    """What is done stays done, what is left is done by the next, nothing twice."""
    stop, tally = asyncio.Event(), Tally()
    async with place.session(tally) as session:

        def show(progress: Progress) -> None:
            if progress.done:
                stop.set()

        place.notion.latency = 0.02
        first = await backfill(session, tally, [], stop=stop, show=show)
    place.notion.latency = 0.0
    second = await place.run()
    assert first.created + second.created == 30
    assert place.keys() == [f"{number:02}.md" for number in range(30)]


async def test_a_token_that_is_not_accepted_ends_it(place: Place) -> None:
    """Nobody waits for what only a person can mend."""
    place.notion.access.token = "ntn_another"
    with pytest.raises(AccessLost) as failure:
        await place.run()
    assert "NOTION_TOKEN" in failure.value.hint


@pytest.mark.parametrize("logs", [0, 30])
async def test_who_stops_before_notion_answers_is_promised_nothing(place: Place, logs: int) -> None:
    """Nothing was seen of the database: that no log is left to do does not make all be in step."""
    if logs:
        await place.run()
    else:
        for file in (place.directory / "logs").iterdir():
            file.unlink()
    place.notion.faults.add(Fault(kind=FaultKind.REFUSE, path="", nth=1, count=0))
    stop, tally = asyncio.Event(), Tally()
    async with place.session(tally) as session:

        def stop_once_told(progress: Progress) -> None:
            place.shown.append(progress)
            stop.set()

        summary = await backfill(session, tally, [], stop=stop, show=stop_once_told)
    assert summary.stopped
    assert not summary.in_step
    assert summary.created + summary.updated + summary.unchanged == logs


async def test_a_database_that_is_lost_on_the_way_ends_it(place: Place) -> None:
    """The same when access goes away in the middle; what was done is kept."""
    place.notion.faults.add(Fault(kind=FaultKind.ACCESS, path="pages$", nth=10, count=0, status=401))
    with pytest.raises(AccessLost):
        await place.run()
    place.notion.faults.clear()
    await place.run()
    assert place.keys() == [f"{number:02}.md" for number in range(30)]


async def test_a_state_that_fails_on_the_way_ends_it_as_such(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not taken for a refusal by Notion: the exit code says where to look, without a wait."""
    monkeypatch.setattr(breaker, "FIRST_ACCESS_PAUSE", timedelta(minutes=4))
    place.notion.latency = 0.3
    tally = Tally()
    async with place.session(tally) as session:
        connection = session.store.connection

        def fail_soon(progress: Progress) -> None:
            if progress.done:
                connection.set_progress_handler(lambda: 1, 1)

        with pytest.raises(StateUnusable):
            async with asyncio.timeout(PATIENCE):
                await backfill(session, tally, [], stop=asyncio.Event(), show=fail_soon)
        connection.set_progress_handler(None, 1)


async def test_a_rehearsal_sends_nothing(place: Place) -> None:
    """The plan of each log that differs is told, without a request."""
    await place.run("00.md", "01.md")
    place.write("01.md", LOG.format("changed"))
    place.notion.journal.clear()
    async with place.session(Tally(), on_a_copy=True) as session:
        rehearsals = list(rehearse(session, []))
    assert len(place.notion.journal) == 0
    assert totals(rehearsals)["create"] == 28
    assert len(rehearsals) == 29

"""Logs that were all gone for a while, as when their disk was not mounted, and are back."""

from datetime import timedelta

import pytest

from daemon import hearing
from sync import departure_decision
from sync.state.records import Standing
from tests.worlds.living import ready
from tests.worlds.patience import until
from tests.worlds.place import Place


async def test_logs_that_are_back_wait_for_nothing(empty: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The minutes for which their departure was held up are over with the scan that finds them again."""
    monkeypatch.setattr(hearing, "TICK", 0.05)
    monkeypatch.setattr(departure_decision, "GRACE", timedelta(0))
    for number in range(3):
        empty.write(f"{number}.md")
    root, away = empty.directory / "logs", empty.directory / "away"
    async with ready(empty) as daemon:
        store, backlog = daemon.session.store, daemon.session.backlog
        await until(lambda: len(empty.keys()) == 3 and backlog.count() == 0)
        root.rename(away)
        root.mkdir()
        await until(lambda: sum(bool(each.what) for each in store.standing(Standing.VANISHED)) == 3)
        empty.notion.journal.clear()
        root.rmdir()
        away.rename(root)
        await until(lambda: not store.paths_of(Standing.VANISHED) and backlog.count() == 0)
        assert len(empty.keys()) == 3
        assert not [entry for entry in empty.notion.journal if entry.is_write]

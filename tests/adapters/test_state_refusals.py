"""What was refused is remembered across restarts, until the software is another one."""

from pathlib import Path

from sync.state.refusals import Refusals
from sync.state.store import Store


def test_refusals_outlive_a_restart(tmp_path: Path) -> None:
    """They are on the disk when `add` returns, each once."""
    with Store.open(tmp_path) as store:
        refusals = Refusals(store, "1")
        assert refusals.known() == frozenset()
        refusals.add(["a", "b"])
        refusals.add(["b", "c"])
    with Store.open(tmp_path) as store:
        assert Refusals(store, "1").known() == {"a", "b", "c"}


def test_another_edition_gives_everything_a_new_chance(tmp_path: Path) -> None:
    """It knows none of them, and what it adds takes the place of what an earlier one found."""
    with Store.open(tmp_path) as store:
        Refusals(store, "1").add(["a"])
        newer = Refusals(store, "2")
        assert newer.known() == frozenset()
        newer.add(["b"])
        assert newer.known() == {"b"}
        assert Refusals(store, "1").known() == frozenset()

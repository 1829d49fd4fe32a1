"""Where words of people were saved: told once, in order, and not remembered without end."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sync.names import LogPath
from sync.state.savings import latest_saving, remember_saving, savings_since
from sync.state.store import Store


@given(st.integers(0, 30), st.integers(0, 30))
def test_what_was_saved_since_then_is_told(earlier: int, later: int) -> None:
    """All of it, oldest first, and nothing of what was saved before."""
    with Store.copy_of(Path("/no")) as store:
        for number in range(earlier):
            remember_saving(store, LogPath(f"{number}.md"), None)
        before = latest_saving(store)
        for number in range(later):
            remember_saving(store, LogPath(f"later-{number}.md"), Path("/state/saved"))
        told = savings_since(store, before)
    assert [each.path for each in told] == [f"later-{number}.md" for number in range(later)]
    assert {each.file for each in told} <= {"/state/saved"}

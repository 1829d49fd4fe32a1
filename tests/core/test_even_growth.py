"""What the tests of growth are worth: a square is found out, and no disturbance is taken for one."""

from collections.abc import Iterator
from itertools import chain, repeat

from hypothesis import given
from hypothesis import strategies as st

from tests.worlds.growth import TIMES, grows_evenly

SIZE = 1_000
disturbances = st.lists(st.integers(0, 1_000_000), max_size=50)


class Machine:
    """A machine whose clock counts the steps of the work, and whatever comes between."""

    def __init__(self, disturbed: Iterator[int]) -> None:
        self._disturbed = disturbed
        self._now = 0

    def clock(self) -> float:
        """Return the time."""
        return self._now

    def work(self, steps: int) -> None:
        """Take so many steps, and a disturbance."""
        self._now += steps + next(self._disturbed)


@given(disturbances)
def test_what_grows_evenly_is_seen_once_the_machine_is_quiet(disturbed: list[int]) -> None:
    """Whatever the first fifty readings were."""
    machine = Machine(chain(disturbed, repeat(0)))
    assert grows_evenly(lambda: machine.work(SIZE), lambda: machine.work(TIMES * SIZE), clock=machine.clock)


@given(disturbances)
def test_a_square_never_passes(disturbed: list[int]) -> None:
    """Whatever comes between, provided that one of the small readings at the beginning is quiet."""
    machine = Machine(chain([0, 0], disturbed, repeat(0)))  # what is done the first time, and one reading
    assert not grows_evenly(
        lambda: machine.work(SIZE**2), lambda: machine.work((TIMES * SIZE) ** 2), clock=machine.clock
    )


def test_true_work_is_told_apart() -> None:
    """By the clock of the processor: a text that is looked at once, and one compared with itself."""
    text = "x" * 20_000
    assert grows_evenly(lambda: _looked_at(text), lambda: _looked_at(text * TIMES))
    few = "x" * 60
    assert not grows_evenly(lambda: _compared(few), lambda: _compared(few * TIMES))


def _looked_at(text: str) -> int:
    return sum(letter == "y" for letter in text)


def _compared(text: str) -> int:
    return sum(one == other for one in text for other in text)

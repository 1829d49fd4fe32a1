"""Laws of waiting for quiet, on a clock of the test's own."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from daemon.watching.debounce import Debouncer

CLOSED, OPEN, MOST, LONGEST = 20, 1_000, 5_000, 30_000


@dataclass(frozen=True)
class Touch:
    """A touch, so many milliseconds after the one before it."""

    after: int
    path: str
    closed: bool


TOUCHES = st.lists(
    st.builds(
        Touch,
        after=st.one_of(st.integers(0, 90), st.integers(0, 2_000), st.integers(0, 40_000)),
        path=st.sampled_from("abc"),
        closed=st.booleans(),
    ),
    max_size=60,
)


def debouncer() -> Debouncer:
    """Count in whole milliseconds, so that sums are exact."""
    return Debouncer(quiet_closed=CLOSED, quiet_open=OPEN, quiet_most=MOST, max_wait=LONGEST)


def play(touches: list[Touch]) -> tuple[list[tuple[int, Touch]], list[tuple[float, str]]]:
    """Touch as told and wake exactly when `next_due` says; return what was touched and delivered when."""
    waiting, now = debouncer(), 0
    touched: list[tuple[int, Touch]] = []
    delivered: list[tuple[float, str]] = []

    def wake_until(end: float) -> None:
        while (when := waiting.next_due()) is not None and when < end:
            delivered.extend((when, path) for path in waiting.due(when))

    for touch in touches:
        now += touch.after
        wake_until(now)
        waiting.touched(touch.path, at=now, closed=touch.closed)
        touched.append((now, touch))
    wake_until(float("inf"))
    assert waiting.next_due() is None
    return touched, delivered


def quiet_after(touches: list[tuple[int, Touch]]) -> dict[int, float]:
    """Return the quiet that the last closing of one path at each time asks for."""
    quiet: dict[int, float] = {}
    last_at, last_quiet = -MOST - 1, 0.0
    for at, touch in touches:
        if touch.closed:
            if at - last_at > MOST:
                last_quiet = CLOSED
            elif at - last_at > OPEN:
                last_quiet = min(1.5 * last_quiet, MOST)
            else:
                last_quiet = max(last_quiet, min(4 * last_quiet, OPEN))
            last_at = at
            quiet[at] = last_quiet
    return quiet


@given(TOUCHES)
def test_each_touch_is_delivered_when_quiet_or_when_it_waited_for_long_enough(touches: list[Touch]) -> None:
    """A delivery comes exactly at the quiet after the last touch, or at max_wait after the first."""
    touched, delivered = play(touches)
    for path in "abc":
        own = [(at, touch) for at, touch in touched if touch.path == path]
        quiet = quiet_after(own)
        for when in [when for when, delivered_path in delivered if delivered_path == path]:
            batch = [(at, touch) for at, touch in own if at <= when]
            own = own[len(batch) :]
            assert batch, "a path is delivered only after it was touched"
            (first, _), (last, touch) = batch[0], batch[-1]
            assert when == min(last + (quiet[last] if touch.closed else OPEN), first + LONGEST)
        assert own == [], "no touch is lost"


@given(TOUCHES, st.lists(st.integers(0, 3_000), max_size=30))
def test_late_and_needless_wakings_lose_and_repeat_nothing(touches: list[Touch], pauses: list[int]) -> None:
    """However irregularly `due` is asked, it hands over what was touched, all of it, and each once."""
    waiting, now, open_paths = debouncer(), 0, set()
    for touch, pause in zip(touches, pauses + [0] * len(touches), strict=False):
        now += touch.after
        waiting.touched(touch.path, at=now, closed=touch.closed)
        open_paths.add(touch.path)
        now += pause
        ready = waiting.due(now)
        assert set(ready) <= open_paths
        assert len(ready) == len(set(ready))
        open_paths -= set(ready)
    assert set(waiting.due(now + MOST)) == open_paths
    assert waiting.next_due() is None


def test_a_log_that_is_appended_to_for_hours_is_delivered_every_max_wait() -> None:
    """A touch each 500 ms for ten minutes: one delivery each 30 seconds."""
    _, delivered = play([Touch(500, "a", closed=False)] * 1_200)
    assert [round(when) for when, _ in delivered[:3]] == [30_500, 61_000, 91_500]
    assert len(delivered) == 20


def test_a_later_event_restarts_the_quiet_after_a_close() -> None:
    """Closed, and reopened within 20 ms: the path waits again, now for an open file."""
    _, delivered = play([Touch(0, "a", closed=True), Touch(19, "a", closed=False)])
    assert delivered == [(19 + OPEN, "a")]


def test_a_log_that_is_written_bit_by_bit_is_left_alone_for_longer() -> None:
    """Appended to and closed every 50 ms: the first bit comes at once, the other ninety-nine together."""
    _, delivered = play([Touch(50, "a", closed=True)] * 100)
    assert [round(when) for when, _ in delivered] == [70, 50 * 100 + OPEN]


def test_a_log_that_is_appended_to_every_second_for_an_hour_costs_few_updates() -> None:
    """Closed each time: the first edits are seen within a second, all later ones twice a minute."""
    _, delivered = play([Touch(1_100, "a", closed=True)] * 3_272)
    delays = [when - 1_100 * (number + 1) for number, (when, _) in enumerate(delivered[:10])]
    assert max(delays) < 1_000
    assert len(delivered) <= 10 + 2 * 60 + 2


def test_a_burst_costs_no_more_than_its_size() -> None:
    """50,000 touched paths, asked for the next due time after each, are handled while nobody would notice."""
    waiting = debouncer()
    for number in range(50_000):
        waiting.touched(f"{number}.md", at=number, closed=True)
        assert waiting.next_due() == CLOSED
    assert len(waiting.due(100_000)) == 50_000

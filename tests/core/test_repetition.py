"""The same again is said ever more rarely, and nothing new is kept back."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from daemon.telemetry.repetition import Repetition, Say

DAY = 86_400


def test_an_outage_of_a_day_is_said_a_few_times() -> None:
    """Met every ten seconds: at once, then after one minute, two, four, at last once an hour."""
    repetition, said, kept = Repetition(), [], 0
    for at in range(0, DAY, 10):
        match repetition.meet("notion", "down", at=float(at)):
            case Say(kept_back=count):
                said.append(at)
                kept += count
            case None:
                pass
    assert said[:5] == [0, 60, 180, 420, 900]
    assert len(said) <= 6 + 24
    assert max(later - earlier for earlier, later in pairwise(said)) <= 3_600
    assert kept + len(said) == (said[-1] // 10) + 1


@given(st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 500)), max_size=60))
def test_nothing_is_lost_between_two_times(meetings: list[tuple[str, float]]) -> None:
    """What is said tells how many were kept back; the first of each kind is always said."""
    repetition, at = Repetition(), 0.0
    kept = dict.fromkeys("ab", 0)
    seen: set[str] = set()
    for same, pause in meetings:
        at += pause
        say = repetition.meet("f", same, at=at)
        if same not in seen:
            assert say == Say(0)
        if say is None:
            kept[same] += 1
        else:
            assert say.kept_back in {kept[same], 0}
            kept[same] = 0
        seen.add(same)


def test_good_news_ends_it_for_its_family_alone() -> None:
    """The next time is something new."""
    repetition = Repetition()
    for family in ("notion", "watch"):
        assert repetition.meet(family, "x", at=0.0) == Say(0)
    repetition.end("notion")
    assert repetition.meet("notion", "x", at=1.0) == Say(0)
    assert repetition.meet("watch", "x", at=1.0) is None


def test_after_a_long_silence_it_is_new() -> None:
    """What has not been met for a quarter of an hour is over."""
    repetition = Repetition()
    for at in (0.0, 61.0):
        repetition.meet("f", "x", at=at)
    assert repetition.meet("f", "x", at=62.0) is None
    assert repetition.meet("f", "x", at=1_000.0) == Say(0)
    assert repetition.meet("f", "x", at=1_059.0) is None

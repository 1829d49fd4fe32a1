"""The scores of the bench: known values, and what cannot be won by cheating."""

from hypothesis import given
from hypothesis import strategies as st

from patterns_scores import adjusted_mutual_information, adjusted_rand, scores

_labels = st.lists(st.integers(0, 4), min_size=2, max_size=30)


@given(_labels)
def test_full_agreement_is_one_whatever_the_groups_are_called(labels: list[int]) -> None:
    """Names of groups do not matter."""
    renamed = [f"group {label}" for label in labels]
    assert abs(adjusted_mutual_information(labels, renamed) - 1) < 1e-9
    assert adjusted_rand(labels, renamed) == 1.0


def test_each_by_itself_wins_nothing_but_precision() -> None:
    """That is why precision is never told alone."""
    reached = scores(["a", "a", "a", "b", "b", "b"], range(6))
    assert (round(reached.ami, 9), reached.pair_f1, reached.pattern_f1, reached.precision) == (0, 0, 0, 1)


def test_a_value_worked_out_by_hand() -> None:
    """Two groups of two against one of three and one: chance is taken off."""
    assert abs(adjusted_rand("aabb", "xxxy")) < 1e-9
    assert abs(scores("aaabbb", "xxxxyy").precision - (3 * 3 / 4 + 1 / 4 + 2) / 6) < 1e-9

"""Amounts as a person says them."""

from datetime import timedelta

import pytest

from sync.amounts import counted, time_span


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 properties"), (1, "1 property"), (2, "2 properties"), (1_000, "1,000 properties")],
)
def test_only_one_thing_is_in_the_singular(number: int, said: str) -> None:
    """The plural takes an s unless it is given."""
    assert counted(number, "property", plural="properties") == said
    assert counted(number, "log") == f"{number:,} log{'' if number == 1 else 's'}"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "a moment"),
        (0.2, "a moment"),
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (3_599, "59 minutes"),
        (7_200, "2 hours"),
        (90_000, "1 day"),
    ],
)
def test_a_length_of_time_is_said_in_its_largest_unit(seconds: float, said: str) -> None:
    """Never in the future, never in fractions."""
    assert time_span(timedelta(seconds=seconds)) == said

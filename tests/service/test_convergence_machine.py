"""Random histories over the true reconcile, the state and a Notion with faults: all ends as it should be."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from sync.notion.gateway import Gateway
from tests.histories.history import History
from tests.histories.mutants import WithoutIntent, WithoutLookUp
from tests.histories.start import Tally

if TYPE_CHECKING:
    from tests.conftest import Proved

SHARES, EXAMPLES, STEPS = 8, 300, 50
"""Of the long proof: tests side by side, histories of each, and how long one is."""

FINDS_SOON = 3
"""The seed of a chance that meets each defect within twenty histories; with others it may take hundreds."""


def _prove(
    directories: Callable[[], Path],
    gateway: type[Gateway],
    *,
    examples: int,
    steps: int,
    phases: Sequence[Phase] = tuple(Phase),
    begin: int | None = None,
) -> Tally:
    """Go through random histories, and count them."""
    tally = Tally()

    def history() -> History:
        return History(directories, gateway, tally)

    run_state_machine_as_test(
        history if begin is None else seed(begin)(history),  # type: ignore[arg-type]  # a factory will do
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=phases,
            report_multiple_bugs=False,
            print_blob=True,
        ),
    )
    return tally


def test_every_history_ends_in_step(directories: Callable[[], Path], proved: "Proved") -> None:
    """Whatever happens: one page per log, the whole text in order, nothing of Jen's lost, then no write."""
    tally = _prove(directories, Gateway, examples=100, steps=40)
    proved("random histories", histories=tally.histories, steps=tally.steps)


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_a_hundred_thousand_steps_end_in_step(
    directories: Callable[[], Path], proved: "Proved", share: int
) -> None:
    """The same over 100,000 steps."""
    del share
    tally = _prove(directories, Gateway, examples=EXAMPLES, steps=STEPS)
    proved("random histories", histories=tally.histories, steps=tally.steps)
    assert tally.steps * SHARES >= 100_000


@pytest.mark.parametrize("mutant", [WithoutIntent, WithoutLookUp])
def test_the_histories_tell_a_mutant(directories: Callable[[], Path], mutant: type[Gateway]) -> None:
    """A sync that forgets to record its intent, or to look before it creates, is found out."""
    with pytest.raises(AssertionError):
        _prove(directories, mutant, examples=1_000, steps=30, phases=[Phase.generate], begin=FINDS_SOON)

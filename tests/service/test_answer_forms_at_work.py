"""However Notion words the same answer: each log has its one page, and nothing is written twice."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import TypeAlias

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.installed.memory import MEMORY
from tests.worlds.hers import LOG, PATH
from tests.worlds.rewritten import FORMS, Answer, Rewritten, with_fractions, with_ids, with_more, with_offsets
from tests.worlds.world import World

Form: TypeAlias = Callable[[Answer], Answer]

USES: dict[str, Form] = {
    "as usual": lambda answer: answer,
    **{name: partial(with_ids, form) for name, form in FORMS.items()},
    "with more": with_more,
    "with offsets": with_offsets,
    "with fractions": with_fractions,
}


async def _history(directory: Path, forms: Sequence[str]) -> None:
    """Let a page be made, changed, edited by Jen, mended, and found again by a process without memory."""
    world, turns = World(directory), cycle(forms)
    world.wire.inner = Rewritten(world.notion, lambda _, answer: USES[next(turns)](answer))
    await world.start()
    await world.sync(PATH, LOG)
    await world.sync(PATH, LOG.replace("Two.", "Two, changed.").replace("| 1 |", "| 3 |"))
    world.clock.advance(300)
    world.notion.human.edit_block(world.ids(PATH)["One."], "Her words.")
    await world.check_drift()
    await world.rest()
    world.check(PATH)
    world.stop()
    world.lose_state()
    world.clock.advance(300)
    await world.start()
    await world.rest()
    await world.sync(PATH, LOG)
    world.check(PATH)
    said = len(world.notion.workspace.comments)
    assert said == 1, f"her words were saved {said} times"
    world.clock.advance(3000)
    world.forget_requests()
    await world.check_drift()
    await world.look_in_doubt(PATH)
    assert world.writes == 0
    await world.close()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(forms=st.lists(st.sampled_from(sorted(USES)), min_size=1, max_size=9))
def test_the_wording_of_an_answer_changes_nothing(forms: Sequence[str]) -> None:
    """Ids, times and numbers in any form, and what is not known yet: no second page, no word lost, rest."""
    directory = Path(tempfile.mkdtemp(prefix="ai-traces-", dir=MEMORY))
    try:
        asyncio.run(_history(directory, forms))
    finally:
        shutil.rmtree(directory)

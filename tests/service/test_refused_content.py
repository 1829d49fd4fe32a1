"""One block that Notion itself does not take costs that block, never the log."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from sync.errors import Rejected
from sync.notion.gateway import Gateway
from sync.notion.model import CreatedPage
from sync.page.blocks import Block, children
from sync.page.draft import Moment, PageDraft
from sync.page.wire import encode_block
from sync.page.words import block_words
from sync.state.records import Standing
from tests.worlds.trees import flat
from tests.worlds.world import World

PATH = "2026-01-10-task.md"
BAD = "Nobody takes this."


def holds(blocks: Sequence[Block]) -> bool:
    """Tell whether the words that are refused stand in blocks, at any depth."""
    return any(BAD in block_words(block) or holds(children(block)) for block in blocks)


class Choosy(Gateway):
    """Notion answers 400 to certain words in blocks."""

    async def create_page(self, draft: Any, blocks: Sequence[Block], **options: Any) -> CreatedPage:  # noqa: ANN401 - passed on as they are
        """Refuse a page with these words."""
        self._judge(blocks)
        return await super().create_page(draft, blocks, **options)

    async def append(self, parent: Any, blocks: Sequence[Block], **options: Any) -> Any:  # noqa: ANN401 - passed on as they are
        """Refuse blocks with these words."""
        self._judge(blocks)
        return await super().append(parent, blocks, **options)

    async def update_block(self, block_id: Any, block: Block, **options: Any) -> None:  # noqa: ANN401 - passed on as they are
        """Refuse a block with these words."""
        self._judge([block])
        await super().update_block(block_id, block, **options)

    def _judge(self, blocks: Sequence[Block]) -> None:
        if holds(blocks):
            raise Rejected("body failed validation", "", status=400)


class WithoutDates(Gateway):
    """Notion answers 400 to every date, and does not say where."""

    async def create_page(self, draft: PageDraft, *args: Any, **options: Any) -> CreatedPage:  # noqa: ANN401 - passed on as they are
        """Refuse a page with a date."""
        self._judge(draft)
        return await super().create_page(draft, *args, **options)

    async def update_page(self, page_id: Any, draft: PageDraft, **options: Any) -> None:  # noqa: ANN401 - passed on as they are
        """Refuse properties with a date."""
        self._judge(draft)
        await super().update_page(page_id, draft, **options)

    def _judge(self, draft: PageDraft) -> None:
        if any(isinstance(value, Moment) and value.start for value in draft.properties.values()):
            raise Rejected("Invalid date.", "", status=400)


async def test_a_date_that_is_not_taken_costs_the_date_alone(tmp_path: Path) -> None:
    """The page has it in its text; the other properties are as they should be."""
    world = World(tmp_path, gateway=WithoutDates)
    await world.start()

    await world.sync(PATH, "# Execution Log: T-1\n\n**Timestamp:** 0001-01-01T00:00:00Z\n**ENV:** prod\n")

    page = world.page(PATH)
    assert (page["properties"]["ENV"], page["properties"]["Timestamp"]) == ("prod", "")
    assert "0001-01-01" in "".join(block["text"] for block in page["blocks"])
    assert world.record(PATH).standing is Standing.TRACKED
    world.forget_requests()
    await world.look(PATH)
    assert world.requests == 0
    await world.close()


class WithoutLinks(Choosy):
    """Notion answers 400 to every link, wherever it leads."""

    def _judge(self, blocks: Sequence[Block]) -> None:
        if "'link'" in repr([encode_block(block) for block in blocks]):
            raise Rejected("Invalid URL for link.", "", status=400)


async def test_a_link_that_is_not_taken_costs_the_link_alone(tmp_path: Path) -> None:
    """Its words stay, with where it leads behind them; nothing is missing, so that no note says so."""
    world = World(tmp_path, gateway=WithoutLinks)
    await world.start()
    head = "# Execution Log: T-1\n\n## Task\n\n"

    await world.sync(
        PATH, f"{head}One.\n\nSee [it](https://x.example/a).\n\n| a |\n|-|\n| [b](https://x.example/b) |\n"
    )

    said = [block["text"] for block in flat(world.page(PATH)["blocks"])]
    assert "See it (https://x.example/a)." in said
    assert "b (https://x.example/b)" in said
    assert not any("⚠" in text for text in said)
    world.forget_requests()
    await world.look(PATH)
    assert world.requests == 0

    await world.sync(PATH, f"{head}Two: see [it](https://x.example/a).\n")

    assert "Two: see it (https://x.example/a)." in [block["text"] for block in world.page(PATH)["blocks"]]
    await world.close()


@pytest.mark.parametrize("place", [0, 20, 59])
async def test_the_rest_of_the_page_goes_in(tmp_path: Path, place: int) -> None:
    """All other blocks are there in order, and a note says what is missing; the log is in step."""
    world = World(tmp_path, gateway=Choosy)
    await world.start()
    lines = [f"Line {number}." for number in range(60)]
    lines[place] = BAD

    await world.sync(PATH, "# Execution Log: T-1\n\n## Task\n\n" + "\n\n".join(lines))

    said = [block["text"] for block in flat(world.page(PATH)["blocks"])]
    assert [text for text in said if text.startswith("Line ")] == [line for line in lines if line != BAD]
    assert BAD not in said
    assert any("⚠" in text for text in said)
    assert world.record(PATH).standing is Standing.TRACKED
    world.forget_requests()
    await world.look(PATH)
    assert world.requests == 0
    await world.close()


async def test_words_that_come_later_cost_only_their_block(tmp_path: Path) -> None:
    """An edit that Notion does not take becomes a note; the other edits go in."""
    world = World(tmp_path, gateway=Choosy)
    await world.start()
    await world.sync(PATH, "# Execution Log: T-1\n\n## Task\n\nOne.\n\nTwo.\n")

    await world.sync(PATH, f"# Execution Log: T-1\n\n## Task\n\n{BAD}\n\nTwo, changed.\n")

    said = [block["text"] for block in flat(world.page(PATH)["blocks"])]
    assert "Two, changed." in said
    assert BAD not in said
    await world.close()

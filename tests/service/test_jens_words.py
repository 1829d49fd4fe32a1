"""Whatever Jen does on a page and the log does meanwhile: every word that she wrote is still there."""

import asyncio
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.comparison import drift
from sync.convergence.saved_words import saved
from sync.notion.emulator.api.calls import Capability
from tests.installed.memory import MEMORY
from tests.worlds.trees import flat
from tests.worlds.world import World

PATH = "2026-01-10-task.md"
PIECES = (
    "Alpha.",
    "Beta.",
    "## Gamma",
    "- delta\n  - epsilon\n  - zeta\n- eta",
    "- [ ] theta\n- [x] iota",
    "> kappa",
    "```python\nlambda\n```",
    "| mu | nu |\n|---|---|\n| xi | omikron |\n| pi | rho |",
    "---",
)
HANDS = (
    "edit",
    "edit",
    "edit",
    "add",
    "nest",
    "comment",
    "delete hers",
    "delete ours",
    "mark",
    "move",
    "summary",
)

Step: TypeAlias = tuple[str, Any]

STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(HANDS), st.integers(0, 5)),
        st.tuples(st.just("log"), st.lists(st.sampled_from(PIECES[:3]), max_size=3)),
        st.tuples(st.just("log"), st.lists(st.sampled_from(PIECES), max_size=6)),
        st.tuples(st.sampled_from(["check", "restart"]), st.none()),
    ),
    max_size=14,
)


class History:
    """One page in the hands of both."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._words = (f"hers{number}" for number in count())
        self._hers: dict[str, str] = {}
        self.said: set[str] = set()

    async def take(self, step: Step) -> None:
        """Do one thing."""
        world, (kind, choice) = self.world, step
        match kind:
            case "log":
                await world.sync(PATH, "# Execution Log: T-1\n\n" + "\n\n".join(choice) + "\n")
            case "check":
                world.clock.advance(300)
                host = world.rules.host
                await drift.check(world.gateway, world.store, world.backlog, host=host, now=world.clock)
                await world.rest()
            case "restart":
                await world.restart()
            case _:
                self._act(kind, choice)
        world.clock.advance(30)

    def _act(self, kind: str, choice: int) -> None:
        human, page = self.world.notion.human, self.world.page(PATH)
        blocks = list(flat(page["blocks"]))
        ours = [block for block in blocks if block["id"] not in self._hers]
        hers = [block for block in blocks if block["id"] in self._hers]
        some = ours[choice % len(ours)] if ours else None
        word = next(self._words)
        match kind:
            case "edit" if some and some["type"] not in {"divider", "table"}:
                self.said.discard(some["text"].split("\t")[0])  # she has overwritten her own words
                human.edit_block(some["id"], word)
                self.said.add(word)
            case "add" if page["blocks"]:
                self._hers[human.add_block(page["id"], word, after=page["blocks"][0]["id"])] = word
                self.said.add(word)
            case "nest" if some and some["type"] in {"paragraph", "bulleted_list_item", "quote", "to_do"}:
                self._hers[human.add_block(some["id"], word)] = word
                self.said.add(word)
            case "comment" if some:
                human.comment(some["id"], word)
                self.said.add(word)
            case "delete hers" if hers:
                self.said.discard(hers[0]["text"])
                human.delete_block(hers[0]["id"])
            case "delete ours" if some and not some["children"]:
                self.said -= self._on(some)
                human.delete_block(some["id"])
            case "mark" if some and some["type"] == "paragraph":
                block = self.world.notion.workspace.blocks[some["id"]]
                block.content = {**block.content, "color": "yellow_background"}
                self.world.notion.workspace.touch(block.id, user=self.world.notion.workspace.jen)
            case "move" if len(page["blocks"]) > 1:
                top = page["blocks"]
                human.move_block(top[choice % len(top)]["id"])
            case "summary":
                value = {"rich_text": [{"type": "text", "text": {"content": word}}]}
                human.set_property(page["id"], "Summary", value)
            case _:
                pass

    def _on(self, block: dict[str, Any]) -> set[str]:
        """Return the words of hers that go when she deletes a block herself."""
        comments = self.world.notion.workspace.comments.values()
        said = [text for each in comments if each.parent == block["id"] for text in (_text(each.text),)]
        return {word for word in self.said if word in block["text"] or any(word in text for text in said)}

    def found(self) -> str:
        """Return all that is still there: living blocks, comments on them and on the page, saved words."""
        page = self.world.page(PATH)
        blocks = list(flat(page["blocks"]))
        places = {page["id"], *(block["id"] for block in blocks)}
        comments = [
            _text(each.text)
            for each in self.world.notion.workspace.comments.values()
            if each.parent in places
        ]
        files = [file.read_text() for _, file in saved(self.world.rules.saved_words)]
        return "\n".join((*(block["text"] for block in blocks), *comments, *files, ""))


def _text(items: Sequence[dict[str, Any]]) -> str:
    return "".join(item["plain_text"] for item in items)


async def _play(world: World, steps: Sequence[Step], *, keep_edits: bool, comments: bool) -> None:
    world.rules = replace(world.rules, keep_edits=keep_edits)
    await world.start()
    if not comments:
        world.notion.access.capabilities.discard(Capability.INSERT_COMMENTS)
    history = History(world)
    try:
        await history.take(("log", ["Alpha.", "- delta\n  - epsilon", "Beta."]))
        for step in steps:
            await history.take(step)
            there = history.found().replace("\t", "\n").splitlines()
            lost = {word for word in history.said if not any(_holds(line, word) for line in there)}
            assert not lost, f"lost {lost} at {step}"
        if not keep_edits:
            await history.take(("check", None))
            await history.take(("check", None))
            world.forget_requests()
            world.clock.advance(600)
            await history.take(("check", None))
            assert world.writes == 0
    finally:
        await world.close()


def _holds(line: str, word: str) -> bool:
    return word in line.replace("|", " ").replace("]", " ").split()


@given(steps=STEPS, keep_edits=st.booleans(), comments=st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_word_of_hers_is_lost(steps: list[Step], *, keep_edits: bool, comments: bool) -> None:
    """In her blocks, in a comment or in a file; and at the end there is nothing left to write."""
    directory = Path(tempfile.mkdtemp(prefix="ai-traces-", dir=MEMORY))
    try:
        asyncio.run(_play(World(directory), steps, keep_edits=keep_edits, comments=comments))
    finally:
        shutil.rmtree(directory)


@pytest.mark.slow
@given(steps=STEPS, keep_edits=st.booleans(), comments=st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_word_of_hers_is_lost_in_many_histories(
    steps: list[Step], *, keep_edits: bool, comments: bool
) -> None:
    """The same, under `make prove`, for many more."""
    test_no_word_of_hers_is_lost.hypothesis.inner_test(  # type: ignore[attr-defined]
        steps, keep_edits=keep_edits, comments=comments
    )

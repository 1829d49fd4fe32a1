"""Random histories over the true reconcile, the state and a Notion with faults: all ends as it should be."""

import asyncio
import itertools
import shutil
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from daemon.cli.retry import _released
from sync.names import BlockId, Key, LogPath, PageId
from sync.notion.emulator import Fault, FaultKind
from sync.notion.gateway import Gateway, Sending
from sync.notion.limiter import Lane
from sync.notion.model import CreatedPage, PageRow
from sync.page.blocks import Block
from sync.page.draft import PageDraft
from sync.planning.actions import Position
from sync.state.records import Standing

if TYPE_CHECKING:
    from tests.service.conftest import World

T = TypeVar("T")

PATHS = ("2026-01-10-a.md", "2026-01-10-A.md", "exceptions/2026-01-10-b.md")
PIECES = (
    "A paragraph.",
    "A paragraph with **bold** and `code`.",
    "Another one\nover two lines.",
    "## Outcome\n\nSuccess",
    "## Issues\n\n- one\n- two",
    "### A heading",
    "- a\n  - b\n    - c\n      - d\n        - e",
    "- a\n  - b\n    - c\n      - d\n        - f\n- g",
    "1. first\n2. second\n   - below",
    "- [ ] open\n- [x] done",
    "> quoted\n> twice",
    "```python\nx = 1\n```",
    "```python\nx = 2\n```",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |",
    "| a | b | c |\n|---|---|---|\n| 1 | 2 | 3 |",
    "---",
    "\n\n".join(f"Line {n} of many." for n in range(104)),
    "- parent\n" + "\n".join(f"  - child {n}" for n in range(103)),
    "| n |\n|---|\n" + "\n".join(f"| {n} |" for n in range(103)),
)
LENGTHY = 3
"""How many of the pieces, at the end, take more than one request."""

FAULTS = [
    Fault(kind=kind, seconds=20.0 if kind is FaultKind.LATE_COMMIT else 0.0, blocks=1)
    for kind in FaultKind
    if kind not in {FaultKind.DELAY, FaultKind.SIGNAL}
]

pieces = st.one_of(st.sampled_from(PIECES[:-LENGTHY]), st.sampled_from(PIECES))
paths = st.sampled_from(PATHS)
places = st.integers(0, 8)


@dataclass
class Jens:
    """What Jen did to the page of one log."""

    blocks: dict[str, str] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)


class History(RuleBasedStateMachine):
    """What may happen, in any order; `teardown` asserts what must hold at the end."""

    def __init__(
        self, world_of: Callable[..., "World"], directories: Callable[[], Path], gateway: type[Gateway]
    ) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.directory = directories()
        self.world = self.run(_made(world_of, self.directory, gateway))
        self.alive = True
        self.texts: dict[str, list[str]] = {}
        self.earlier: dict[str, list[str]] = {}
        self.jens: dict[str, Jens] = {}
        self.trashed: dict[str, str] = {}
        self.numbers = itertools.count()
        self.run(self.world.start())
        column = self.world.notion.workspace.databases[self.world.database].data_sources[0]
        self.world.notion.human.add_property(column, "Jen's", "rich_text")

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run something to its end."""
        return self.loop.run_until_complete(coroutine)

    # What Claude does.

    @rule(path=paths, written=st.lists(pieces, min_size=1, max_size=6), seen=st.booleans())
    def write(self, path: str, written: list[str], seen: bool) -> None:
        """Write a log anew."""
        self._put(path, written, seen=seen)

    @rule(path=paths, piece=pieces, seen=st.booleans())
    def append(self, path: str, piece: str, seen: bool) -> None:
        """Append to a log."""
        self._put(path, [*self.texts.get(path, []), piece], seen=seen)

    @rule(path=paths, place=places, new=st.lists(pieces, max_size=2), seen=st.booleans())
    def edit(self, path: str, place: int, new: list[str], seen: bool) -> None:
        """Replace, remove or insert a piece."""
        text = self.texts.get(path, ["A paragraph."])
        place %= len(text) + 1
        self._put(path, [*text[:place], *new, *text[place + 1 :]], seen=seen)

    @rule(path=paths, seen=st.booleans())
    def revert(self, path: str, seen: bool) -> None:
        """Go back to what a log was before."""
        if path in self.earlier:
            self._put(path, self.earlier[path], seen=seen)

    @rule(path=paths)
    def touch(self, path: str) -> None:
        """Change the time of change alone."""
        if path in self.texts:
            self.world.touch_file(path)

    # What the daemon meets.

    @precondition(lambda self: self.alive)
    @rule(seen=st.lists(paths, max_size=5))
    def event(self, seen: list[str]) -> None:
        """Report changes, late, twice, in another order, or where there were none."""
        self.world.event(*seen)

    @precondition(lambda self: self.alive)
    @rule(fault=st.sampled_from(FAULTS), nth=st.integers(1, 4))
    def work_under_a_fault(self, fault: Fault, nth: int) -> None:
        """Sync all that is on the list, while something goes wrong."""
        self.world.notion.faults.clear()
        self.world.notion.faults.add(_nth(fault, nth))
        self.run(self.world.rest())

    @precondition(lambda self: self.alive)
    @rule()
    def work(self) -> None:
        """Sync all that is on the list."""
        self.world.notion.faults.clear()
        self.run(self.world.rest())

    @precondition(lambda self: self.alive)
    @rule(nth=st.integers(1, 6), moment=st.sampled_from(["before", "after", "in flight"]))
    def work_until_killed(self, nth: int, moment: str) -> None:
        """Sync until the process is killed."""
        self.world.notion.faults.clear()
        self.alive = not self.run(self.world.die(nth, moment))

    @rule()
    def restart(self) -> None:
        """Start the next process."""
        self.world.notion.faults.clear()
        if self.alive:
            self.world.stop()
        self.run(self.world.start())
        self.alive = True

    @precondition(lambda self: self.alive)
    @rule(
        path=paths,
        new=pieces,
        nth=st.integers(1, 4),
        moment=st.sampled_from(["before", "after", "in flight"]),
    )
    def change_die_and_change_back(self, path: str, new: str, nth: int, moment: str) -> None:
        """Change a log, die while it is synced, and put the log back to what it was before."""
        self.work()
        self._put(path, [new], seen=True)
        self.work_until_killed(nth, moment)
        self._put(path, self.earlier[path], seen=False)
        self.restart()

    @rule(seconds=st.sampled_from([1.0, 15.0, 30.0, 70.0, 4000.0]))
    def time_passes(self, seconds: float) -> None:
        """Let time pass."""
        self.world.clock.advance(seconds)

    @rule()
    def lose_the_state(self) -> None:
        """Delete the state directory.

        A page that was cut short in an update still bears the hash of the content before it; so such a log
        never becomes again what it was, see "vouches" in CONTRIBUTING.
        """
        if self.alive:
            self.world.stop()
        self.world.notion.settle_all()
        self.world.notion.faults.clear()
        self.world.lose_state()
        self.trashed.clear()
        for path, text in list(self.texts.items()):
            self._put(path, [*text, f"After loss {next(self.numbers)}."], seen=False)
        self.earlier.clear()
        self.run(self.world.start())
        self.alive = True

    # What Jen does.

    @rule(path=paths, place=places)
    def jen_writes_a_block(self, path: str, place: int) -> None:
        """Write a block somewhere on a page."""
        if page := self._living_page(path):
            texts = [block["id"] for block in page["blocks"]]
            after = texts[place % len(texts)] if texts else None
            text = f"Jen's {next(self.numbers)}"
            made = self.world.notion.human.add_block(page["id"], text, after=after)
            self.jens.setdefault(page["id"], Jens()).blocks[made] = text

    @rule(path=paths)
    def jen_comments(self, path: str) -> None:
        """Comment on a page."""
        if page := self._living_page(path):
            text = f"Comment {next(self.numbers)}"
            self.world.notion.human.comment(page["id"], text)
            self.jens.setdefault(page["id"], Jens()).comments.append(text)

    @rule(path=paths)
    def jen_fills_in_a_property(self, path: str) -> None:
        """Write a value into a column of her own."""
        if page := self._living_page(path):
            text = f"Value {next(self.numbers)}"
            value = {"rich_text": [{"type": "text", "text": {"content": text}}]}
            self.world.notion.human.set_property(page["id"], "Jen's", value)
            self.jens.setdefault(page["id"], Jens()).values["Jen's"] = text

    @precondition(lambda self: self.alive)
    @rule(path=paths)
    def jen_trashes_a_page(self, path: str) -> None:
        """Move a page to the trash."""
        self.work()
        self.world.notion.settle_all()
        if page := self._living_page(path):
            self.world.notion.human.trash_page(page["id"])
            self.trashed[path] = page["id"]

    @precondition(lambda self: self.alive and self.trashed)
    @rule(path=paths)
    def jen_wants_a_page_back(self, path: str) -> None:
        """Retry a log whose page is in the trash."""
        self.work()
        record = self.world.store.page(LogPath(path))
        if record is not None and record.standing is Standing.TRASHED:
            self.world.store.save(_released(record))
            self.world.event(path)
            page_id = self.trashed.pop(path)
            self.work()
            assert self.world.check(path)["id"] == page_id

    def teardown(self) -> None:
        """Assert that everything is in step, that Jen lost nothing, and that another run writes nothing."""
        try:
            self.restart()
            self.world.notion.settle_all()
            self.run(self.world.rest())
            self._check()
            self.restart()
            self.world.forget_requests()
            self.world.event(*self.texts)
            self.run(self.world.rest())
            assert self.world.writes == 0
            self._check()
        finally:
            self.run(self.world.close())
            self.loop.close()
            shutil.rmtree(self.directory)

    def _check(self) -> None:
        assert self.world.store.standing(Standing.QUARANTINED) == ()
        for path in self.texts:
            if path in self.trashed:
                assert self.world.pages(path) == []
            else:
                self.world.check(path)
        for page in self.world.notion.dump():
            self._check_jens(page, self.jens.get(page["id"], Jens()))

    def _check_jens(self, page: dict[str, Any], jens: Jens) -> None:
        held = {block["id"]: block["text"] for block in self.world.flat(page["blocks"])}
        assert {made: held.get(made) for made in jens.blocks} == jens.blocks
        assert page["comments"] == jens.comments
        assert {name: page["properties"][name] for name in jens.values} == jens.values

    def _put(self, path: str, text: list[str], *, seen: bool) -> None:
        self.earlier[path] = self.texts.get(path, text)
        self.texts[path] = text
        self.world.write(path, "\n\n".join(["# Execution Log: T-1", *text]) + "\n")
        if seen and self.alive:
            self.world.event(path)

    def _living_page(self, path: str) -> dict[str, Any] | None:
        return next(iter(self.world.pages(path)), None)


async def _made(world_of: Callable[..., "World"], directory: Path, gateway: type[Gateway]) -> "World":
    return world_of(directory, gateway=gateway)


def _nth(fault: Fault, nth: int) -> Fault:
    return Fault(kind=fault.kind, seconds=fault.seconds, blocks=fault.blocks, status=401, nth=nth)


class WithoutIntent(Gateway):
    """A mutant: nothing is recorded before a write leaves."""

    async def create_page(
        self, draft: PageDraft, blocks: Sequence[Block], *, lane: Lane, sending: Sending | None = None
    ) -> CreatedPage:
        """Make a page."""
        del sending
        return await super().create_page(draft, blocks, lane=lane)

    async def update_page(
        self, page_id: PageId, draft: PageDraft, *, lane: Lane, sending: Sending | None = None
    ) -> None:
        """Write a page's properties."""
        del sending
        await super().update_page(page_id, draft, lane=lane)

    async def append(
        self,
        parent: PageId | BlockId,
        blocks: Sequence[Block],
        *,
        position: Position,
        lane: Lane,
        sending: Sending | None = None,
    ) -> tuple[BlockId, ...]:
        """Insert blocks."""
        del sending
        return await super().append(parent, blocks, position=position, lane=lane)

    async def update_block(
        self, block_id: BlockId, block: Block, *, lane: Lane, sending: Sending | None = None
    ) -> None:
        """Replace a block."""
        del sending
        await super().update_block(block_id, block, lane=lane)

    async def delete_block(self, block_id: BlockId, *, lane: Lane, sending: Sending | None = None) -> None:
        """Delete a block."""
        del sending
        await super().delete_block(block_id, lane=lane)


class WithoutLookUp(Gateway):
    """A mutant: a create whose answer was lost is repeated without looking."""

    async def find(self, key: Key, *, lane: Lane) -> tuple[PageRow, ...]:
        """Find nothing."""
        del key, lane
        return ()


def _prove(
    world_of: Callable[..., "World"],
    directories: Callable[[], Path],
    gateway: type[Gateway],
    *,
    examples: int,
    steps: int,
    phases: Sequence[Phase] = tuple(Phase),
) -> None:
    run_state_machine_as_test(
        lambda: History(world_of, directories, gateway),  # type: ignore[arg-type]  # a factory will do
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=phases,
            print_blob=True,
        ),
    )


def test_every_history_ends_in_step(
    world_of: Callable[..., "World"], directories: Callable[[], Path]
) -> None:
    """Whatever happens: one page per log, the whole text in order, nothing of Jen's lost, then no write."""
    _prove(world_of, directories, Gateway, examples=100, steps=40)


@pytest.mark.slow
def test_a_hundred_thousand_steps_end_in_step(
    world_of: Callable[..., "World"], directories: Callable[[], Path]
) -> None:
    """The same over 100,000 steps."""
    _prove(world_of, directories, Gateway, examples=2_000, steps=50)


@pytest.mark.parametrize("mutant", [WithoutIntent, WithoutLookUp])
def test_the_histories_tell_a_mutant(
    world_of: Callable[..., "World"], directories: Callable[[], Path], mutant: type[Gateway]
) -> None:
    """A sync that forgets to record its intent, or to look before it creates, is found out."""
    with pytest.raises(AssertionError):
        _prove(world_of, directories, mutant, examples=400, steps=30, phases=[Phase.generate])

"""Random histories over the true reconcile, the state and a Notion with faults: all ends as it should be."""

import asyncio
import itertools
import shutil
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)

from daemon.cli.retry import _released
from sync.names import BlockId, Key, LogPath, PageId
from sync.notion.emulator import Fault, FaultKind
from sync.notion.gateway import Gateway, Sending
from sync.notion.limiter import Lane
from sync.notion.model import CreatedPage, PageRow
from sync.page.blocks import Block
from sync.page.draft import Link, Links, PageDraft
from sync.planning.actions import Position
from sync.state.backlinks import Backlinks
from sync.state.records import Standing

if TYPE_CHECKING:
    from tests.conftest import Proved
    from tests.service.conftest import World

T = TypeVar("T")

PATHS = ("2026-01-10-a.md", "2026-01-10-A.md", "exceptions/2026-01-10-b.md")
OTHER = "2026-01-01-other.md"
"""A log that is always there: when all are gone, that is taken for a directory that is not mounted."""

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

NESTS = frozenset((
    "paragraph", "bulleted_list_item", "numbered_list_item", "to_do", "quote"
))  # fmt: skip
"""Types of block below which there can be others."""

FAULTS = [
    Fault(kind=kind, seconds=20.0 if kind is FaultKind.LATE_COMMIT else 0.0, blocks=1)
    for kind in FaultKind
    if kind not in {FaultKind.DELAY, FaultKind.SIGNAL}
]

SHARES, EXAMPLES, STEPS = 8, 300, 50
"""Of the long proof: tests side by side, histories of each, and how long one is."""

pieces = st.one_of(st.sampled_from(PIECES[:-LENGTHY]), st.sampled_from(PIECES))
paths = st.sampled_from(PATHS)
places = st.integers(0, 8)


@dataclass
class Jens:
    """What Jen did to one page.

    Attributes:
        blocks: What her own blocks say, by id.
        comments: What she said.
        values: Her own properties.
        words: What she last wrote in place of ours, by block.
    """

    blocks: dict[str, str] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)


@dataclass
class Tally:
    """How much was gone through."""

    histories: int = 0
    steps: int = 0


class History(RuleBasedStateMachine):
    """What may happen, in any order; `teardown` asserts what must hold at the end."""

    def __init__(
        self,
        world_of: Callable[..., "World"],
        directories: Callable[[], Path],
        gateway: type[Gateway],
        tally: Tally,
    ) -> None:
        super().__init__()
        self.tally = tally
        self.tally.histories += 1
        self.tally.steps -= 1  # hypothesis looks once before the first step
        self.loop = asyncio.new_event_loop()
        self.directory = directories()
        self.world = self.run(_made(world_of, self.directory, gateway))
        self.alive = True
        self.texts: dict[str, list[str]] = {}
        self.earlier: dict[str, list[str]] = {}
        self.jens: dict[str, Jens] = {}
        self.trashed: dict[str, str] = {}
        self.unsure: set[str] = set()
        """Logs whose page may be in the trash: her wish has ended, and maybe nobody had noticed it."""
        self.unseen: set[str] = set()
        """Logs whose file this state may never have seen: their pages may stay when they go."""
        self.backup: bytes | None = None
        self.told: dict[str, str] = {}
        """What the page of a log is to say of its patterns, where that is sure."""
        self.numbers = itertools.count()
        self.world.write(OTHER, "# Execution Log: OTHER\n")
        self.run(self.world.start())
        column = self.world.notion.workspace.databases[self.world.database].data_sources[0]
        self.world.notion.human.add_property(column, "Jen's", "rich_text")
        self.world.notion.human.add_property(column, "Patterns", "rich_text")  # as publishing does

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run something to its end."""
        return self.loop.run_until_complete(coroutine)

    def check_invariants(self, *arguments: Any) -> None:  # noqa: ANN401 - hypothesis' own
        """Count the steps: hypothesis comes here after each."""
        self.tally.steps += 1
        super().check_invariants(*arguments)

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

    @rule(path=paths, written=st.lists(pieces, min_size=1, max_size=6), seen=st.booleans())
    def replace(self, path: str, written: list[str], seen: bool) -> None:
        """Put a file written elsewhere in the place of a log."""
        self._put(path, written, seen=seen, replacing=True)

    @rule(path=paths, new=paths, seen=st.permutations([True, False]), told=st.booleans())
    def rename(self, path: str, new: str, seen: list[bool], told: bool) -> None:
        """Give a log another name, maybe that of another log."""
        if path not in self.texts or path == new:
            return
        self.world.rename(path, new)
        self.earlier[new] = self.texts.get(new, self.texts[path])
        self.texts[new] = self.texts.pop(path)
        self._untold(path, new)
        if self.trashed.pop(path, None):
            # With its old name her wish has ended; whether anybody has noticed it before is open.
            self.unsure |= {path, new}
        if told and self.alive:
            self.world.event(*[path, new][:: 1 if seen[0] else -1])

    @rule(path=paths, seen=st.booleans())
    def delete(self, path: str, seen: bool) -> None:
        """Delete a log."""
        if path not in self.texts:
            return
        self.world.delete(path)
        self._untold(path)
        self.earlier[path] = self.texts.pop(path)
        if self.trashed.pop(path, None):
            self.unsure.add(path)
        if seen and self.alive:
            self.world.event(path)

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
        self.unseen -= self.texts.keys()
        self.unsure -= {path for path in self.texts if self.world.pages(path)}

    @precondition(lambda self: self.alive)
    @rule(told=st.dictionaries(paths, st.sampled_from(["P-1 · Slow", "P-1 · Slower", "P-2 · Mail"])))
    def publish_a_hand_off(self, told: dict[str, str]) -> None:
        """Let the pages that a hand-off tells of lead to it, and the others no longer."""
        links = {LogPath(path): Links((Link(text, "https://notion.test/p"),)) for path, text in told.items()}
        todo = Backlinks(self.world.store).tell(links, read=[LogPath(path) for path in PATHS], into="links")
        self.world.backlog.touch(todo, lane=Lane.BACKFILL, now=self.world.local_time())
        self.told = dict.fromkeys(self.told, "") | told

    @precondition(lambda self: self.alive)
    @rule()
    def rescan(self) -> None:
        """Compare all files with the state, as from time to time."""
        self.world.rescan()

    @precondition(lambda self: self.alive)
    @rule()
    def check_drift(self) -> None:
        """Ask which pages Jen has been at, as from time to time."""
        self.world.notion.faults.clear()
        self.run(self.world.check_drift())

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

    @rule(hours=st.sampled_from([-100_000.0, -20.0, -1.0, 2.0, 100_000.0]))
    def the_clock_jumps(self, hours: float) -> None:
        """Set this machine's clock to another time; Notion's goes on as before.

        No request is in flight then: how long to wait for one is measured with this clock. Set ahead just
        then, a second page may be made, which the drift check puts away.
        """
        self.world.notion.settle_all()
        self.world.skew = timedelta(hours=hours)
        if self.alive:
            self.world.reconciler.heed_clock()  # as the worker does every other second

    @precondition(lambda self: self.alive)
    @rule()
    def back_the_state_up(self) -> None:
        """Keep a copy of what is remembered."""
        self.backup = self.world.back_up()

    @rule(how=st.sampled_from(["lost", "damaged", "old"]))
    def lose_the_state(self, how: str) -> None:
        """Delete the state directory, damage the state, or put an old backup in its place.

        A page that was cut short in an update still bears the hash of the content before it; so such a log
        never becomes again what it was, and no backup from before is put back: see "vouches" in CONTRIBUTING.
        """
        if how == "old":
            self.restart()
            self.work()
        if self.alive:
            self.world.stop()
        self.world.notion.settle_all()
        self.world.notion.faults.clear()
        match how:
            case "damaged":
                self.world.damage_state()
            case "old" if self.backup is not None:
                self.world.restore(self.backup)
                # A page that we moved to the trash since then looks as if Jen had done it.
                self.unsure |= {path for path in PATHS if not self.world.pages(path)}
            case _:
                self.world.lose_state()
                self.backup = None
        self.unsure |= self.trashed.keys()
        self.trashed.clear()
        self.told.clear()
        self.unseen = set(PATHS)
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

    @rule(path=paths, place=places)
    def jen_writes_below_a_block(self, path: str, place: int) -> None:
        """Write a block below one of ours."""
        page = self._living_page(path)
        ours = [block for block in self._ours(page) if block["type"] in NESTS] if page else []
        if page and ours:
            text = f"Jen's {next(self.numbers)}"
            made = self.world.notion.human.add_block(ours[place % len(ours)]["id"], text)
            self.jens.setdefault(page["id"], Jens()).blocks[made] = text

    @rule(path=paths, place=st.none() | places)
    def jen_comments(self, path: str, place: int | None) -> None:
        """Comment on a page, or on a block of ours."""
        if page := self._living_page(path):
            ours = self._ours(page)
            on = page if place is None or not ours else ours[place % len(ours)]
            text = f"Comment {next(self.numbers)}"
            self.world.notion.human.comment(on["id"], text)
            self.jens.setdefault(page["id"], Jens()).comments.append(text)

    @rule(path=paths)
    def jen_fills_in_a_property(self, path: str) -> None:
        """Write a value into a column of her own."""
        if page := self._living_page(path):
            text = f"Value {next(self.numbers)}"
            value = {"rich_text": [{"type": "text", "text": {"content": text}}]}
            self.world.notion.human.set_property(page["id"], "Jen's", value)
            self.jens.setdefault(page["id"], Jens()).values["Jen's"] = text

    @rule(path=paths, place=places)
    def jen_rewrites_a_block(self, path: str, place: int) -> None:
        """Write something else into a block of ours.

        What we sent before that has arrived: carried out after it, it would write over her words unseen.
        """
        self.world.notion.settle_all()
        page = self._living_page(path)
        ours = self._ours(page) if page else []
        if page and ours:
            text = f"Rewritten {next(self.numbers)}!"
            block = ours[place % len(ours)]["id"]
            self.world.notion.human.edit_block(block, text)
            self.jens.setdefault(page["id"], Jens()).words[block] = text

    @rule(path=paths, place=places)
    def jen_deletes_a_block(self, path: str, place: int) -> None:
        """Delete a block of ours in which nothing of hers is."""
        page = self._living_page(path)
        commented = {comment.parent for comment in self.world.notion.workspace.comments.values()}
        ours = [
            block
            for block in (self._ours(page) if page else [])
            if not block["children"] and block["id"] not in commented
        ]
        if page and ours:
            block = ours[place % len(ours)]["id"]
            self.world.notion.human.delete_block(block)
            self.jens.setdefault(page["id"], Jens()).words.pop(block, None)

    @precondition(lambda self: self.alive)
    @rule(path=paths)
    def jen_trashes_a_page(self, path: str) -> None:
        """Move a page to the trash."""
        self.work()
        self.world.notion.settle_all()
        page = self._living_page(path)
        if page and path in self.texts:
            self.world.notion.human.trash_page(page["id"])
            self.trashed[path] = page["id"]

    @precondition(lambda self: self.alive and self.trashed)
    @rule(path=paths)
    def jen_wants_a_page_back(self, path: str) -> None:
        """Retry a log whose page is in the trash."""
        self.work()
        record = self.world.store.page(LogPath(path))
        if path in self.trashed and record is not None and record.standing is Standing.TRASHED:
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
            self._settle()
            self._check()
            self.restart()
            self.world.forget_requests()
            self.world.event(*self.texts)
            self.run(self.world.rest())
            assert self.world.writes == 0
            self._check()
            assert self.world.longest_wait < timedelta(hours=1.1)
        finally:
            self.run(self.world.close())
            self.loop.close()
            shutil.rmtree(self.directory)

    def _settle(self) -> None:
        """Let everything be looked at that is looked at from time to time."""
        self.world.skew = timedelta(0)
        self.run(self.world.rest())
        self.world.clock.advance(300.0)
        self.run(self.world.check_drift())
        self.run(self.world.rest())

    def _check(self) -> None:
        assert self.world.store.standing(Standing.QUARANTINED) == ()
        for path in PATHS:
            match self.world.pages(path):
                case [] if path in self.trashed.keys() | self.unsure or path not in self.texts:
                    pass
                case [_] if path in self.unseen - self.texts.keys():
                    pass
                case _:
                    assert path not in self.trashed
                    assert path in self.texts, f"{path} is gone, its page is not"
                    page = self.world.check(path)
                    assert (page["properties"]["Patterns"] or "") == self.told.get(
                        path, page["properties"]["Patterns"] or ""
                    )
        self.world.check(OTHER)
        pages = self.world.notion.dump()
        for page in pages:
            self._check_jens(page, self.jens.get(page["id"], Jens()))
        self._check_words(pages)

    def _check_jens(self, page: dict[str, Any], jens: Jens) -> None:
        held = {block["id"]: block["text"] for block in self.world.flat(page["blocks"])}
        assert {made: held.get(made) for made in jens.blocks} == jens.blocks
        assert set(jens.comments) <= set(page["comments"])
        assert {name: page["properties"][name] for name in jens.values} == jens.values

    def _check_words(self, pages: Sequence[dict[str, Any]]) -> None:
        """Assert that what Jen wrote in place of ours stands somewhere."""
        kept = "\n".join([
            *(file.read_text("utf-8") for file in self.world.rules.saved_words.rglob("*.md")),
            *(comment for page in pages for comment in page["comments"]),
            *(block["text"] for page in pages for block in self.world.flat(page["blocks"])),
        ])  # fmt: skip
        lost = [words for jens in self.jens.values() for words in jens.words.values() if words not in kept]
        assert lost == []

    def _put(self, path: str, text: list[str], *, seen: bool, replacing: bool = False) -> None:
        self.earlier[path] = self.texts.get(path, text)
        self.texts[path] = text
        write = self.world.replace if replacing else self.world.write
        write(path, "\n\n".join(["# Execution Log: T-1", *text]) + "\n")
        if seen and self.alive:
            self.world.event(path)

    def _untold(self, *paths: str) -> None:
        for path in paths:
            self.told.pop(path, None)

    def _ours(self, page: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the blocks of ours on a page that have a text, whatever their depth."""
        bot = self.world.notion.workspace.bot
        return [
            block for block in self.world.flat(page["blocks"]) if block["text"] and block["made_by"] == bot
        ]

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
) -> Tally:
    """Go through random histories, and count them."""
    tally = Tally()
    run_state_machine_as_test(
        lambda: History(world_of, directories, gateway, tally),  # type: ignore[arg-type]  # a factory will do
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


def test_every_history_ends_in_step(
    world_of: Callable[..., "World"], directories: Callable[[], Path], proved: "Proved"
) -> None:
    """Whatever happens: one page per log, the whole text in order, nothing of Jen's lost, then no write."""
    tally = _prove(world_of, directories, Gateway, examples=100, steps=40)
    proved("random histories", histories=tally.histories, steps=tally.steps)


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_a_hundred_thousand_steps_end_in_step(
    world_of: Callable[..., "World"], directories: Callable[[], Path], proved: "Proved", share: int
) -> None:
    """The same over 100,000 steps."""
    del share
    tally = _prove(world_of, directories, Gateway, examples=EXAMPLES, steps=STEPS)
    proved("random histories", histories=tally.histories, steps=tally.steps)
    assert tally.steps * SHARES >= 100_000


@pytest.mark.parametrize("mutant", [WithoutIntent, WithoutLookUp])
def test_the_histories_tell_a_mutant(
    world_of: Callable[..., "World"], directories: Callable[[], Path], mutant: type[Gateway]
) -> None:
    """A sync that forgets to record its intent, or to look before it creates, is found out."""
    with pytest.raises(AssertionError):
        _prove(world_of, directories, mutant, examples=400, steps=30, phases=[Phase.generate])

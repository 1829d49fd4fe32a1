"""Simulate a page that carries out actions by Notion's rules, without a Notion."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from sync.names import BlockId, Digest, Key, PageId, Property
from sync.page.batches import height
from sync.page.blocks import Block, Paragraph, Run, children
from sync.page.draft import PageDraft, Text, properties_fingerprint
from sync.page.fingerprint import fingerprint, kind
from sync.planning.actions import (
    Action,
    After,
    AppendBlocks,
    CreatePage,
    DeleteBlock,
    End,
    ListBlocks,
    Start,
    UpdateBlock,
    UpdateProperties,
)
from sync.planning.outline import OwnedBlock
from sync.planning.page_state import Absent, PageState, Synced
from sync.planning.plan import plan
from sync.planning.progress import created, landed, level_read

PAGE = PageId("page")


def draft_of(body: Sequence[Block], summary: str = "") -> PageDraft:
    """Return a draft of this body."""
    return PageDraft(
        key=Key("log.md"),
        content_hash=Digest("0" * 64),
        icon="📄",
        properties={Property.SUMMARY: Text(summary)},
        body=tuple(body),
    )


def paragraph(text: str) -> Paragraph:
    """Return a paragraph of this text."""
    return Paragraph((Run(text),))


@dataclass
class SimulatedBlock:
    """A block on the simulated page; one that is `foreign` is Jen's."""

    block_id: BlockId
    block: Block
    below: list["SimulatedBlock"] = field(default_factory=list)
    foreign: bool = False


class SimulatedPage:
    """A page that carries out actions by Notion's rules and answers with ids."""

    def __init__(self) -> None:
        self.nodes: list[SimulatedBlock] = []
        self.properties: str | None = None
        self.writes: list[Action] = []
        self.reads: list[Action] = []
        self._ids = count()

    def carry_out(self, action: Action, state: PageState, draft: PageDraft) -> PageState:
        """Carry out an action and return what is known of the page afterwards."""
        match action, state:
            case ListBlocks(), Synced():
                self.reads.append(action)
                return level_read(state, action, self._listing(action.parent))
            case CreatePage(), Absent():
                self.writes.append(action)
                self.nodes = self._made(action.blocks)
                known = created(draft, action, PAGE)
                self.properties = known.properties
                return known
            case AppendBlocks(), Synced():
                self.writes.append(action)
                nodes = self._made(action.blocks)
                row = self.nodes if action.parent is None else self.node(action.parent).below
                match action.position:
                    case Start():
                        at = 0
                    case End():
                        at = len(row)
                    case After(block_id=block_id):
                        at = 1 + [node.block_id for node in row].index(block_id)
                row[at:at] = nodes
                return landed(state, action, draft=draft, ids=[node.block_id for node in nodes])
            case UpdateBlock(), Synced():
                self.writes.append(action)
                node = self.node(action.block_id)
                assert kind(node.block) == kind(action.block)
                node.block = action.block
                return landed(state, action, draft=draft)
            case DeleteBlock(), Synced():
                self.writes.append(action)
                self._drop(self.nodes, action.block_id)
                return landed(state, action, draft=draft)
            case UpdateProperties(), Synced():
                self.writes.append(action)
                self.properties = properties_fingerprint(draft)
                return landed(state, action, draft=draft)
            case _:
                raise AssertionError(f"{action} cannot follow {state}")

    def node(self, block_id: BlockId) -> SimulatedBlock:
        """Return the block of this id."""
        return next(node for node in self.walk() if node.block_id == block_id)

    def walk(self, row: list[SimulatedBlock] | None = None) -> list[SimulatedBlock]:
        """Return all blocks, each before those below it."""
        row = self.nodes if row is None else row
        return [found for node in row for found in (node, *self.walk(node.below))]

    def outline(self, row: list[SimulatedBlock] | None = None) -> tuple[OwnedBlock, ...]:
        """Return the outline of our blocks as they are."""
        row = self.nodes if row is None else row
        return tuple(
            OwnedBlock(node.block_id, kind(node.block), fingerprint(node.block), self.outline(node.below))
            for node in row
            if not node.foreign
        )

    def _made(self, blocks: Sequence[Block]) -> list[SimulatedBlock]:
        assert 1 <= len(blocks) <= 100 or not blocks
        assert all(height(block) <= 2 for block in blocks)
        return [
            SimulatedBlock(BlockId(f"b{next(self._ids)}"), block, self._made(children(block)))
            for block in blocks
        ]

    def _listing(self, parent: BlockId | None) -> list[OwnedBlock]:
        row = self.nodes if parent is None else self.node(parent).below
        return [
            OwnedBlock(node.block_id, kind(node.block), fingerprint(node.block), None if node.below else ())
            for node in row
            if not node.foreign
        ]

    def _drop(self, row: list[SimulatedBlock], block_id: BlockId) -> None:
        row[:] = [node for node in row if node.block_id != block_id]
        for node in row:
            self._drop(node.below, block_id)


def bring_in_step(page: SimulatedPage, draft: PageDraft, state: PageState) -> Synced:
    """Plan and carry out actions until there is nothing left to do."""
    for _ in range(50):
        actions = plan(draft, state)
        if not actions:
            assert isinstance(state, Synced)
            return state
        for action in actions:
            state = page.carry_out(action, state, draft)
    raise AssertionError("the plans never end")

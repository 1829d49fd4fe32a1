"""The requests that a plan is made of."""

from dataclasses import dataclass
from typing import TypeAlias

from sync.names import BlockId
from sync.page.blocks import Block


@dataclass(frozen=True, slots=True)
class Start:
    """Before all other blocks."""


@dataclass(frozen=True, slots=True)
class End:
    """Behind all other blocks."""


@dataclass(frozen=True, slots=True)
class After:
    """Directly behind one block."""

    block_id: BlockId


Position: TypeAlias = Start | End | After


@dataclass(frozen=True, slots=True)
class LookUp:
    """Find the page by its key."""


@dataclass(frozen=True, slots=True)
class ListBlocks:
    """Read the children of a block; of the page itself when `parent` is None."""

    parent: BlockId | None


@dataclass(frozen=True, slots=True)
class CreatePage:
    """Create the page with its properties and its first blocks.

    Attributes:
        hashed: The content hash is among the properties.
    """

    blocks: tuple[Block, ...]
    hashed: bool


@dataclass(frozen=True, slots=True)
class AppendBlocks:
    """Insert blocks below a block; below the page itself when `parent` is None."""

    parent: BlockId | None
    position: Position
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class UpdateBlock:
    """Replace the content of a block; its id, comments and children stay."""

    block_id: BlockId
    block: Block


@dataclass(frozen=True, slots=True)
class DeleteBlock:
    """Move a block that we wrote to the trash."""

    block_id: BlockId


@dataclass(frozen=True, slots=True)
class UpdateProperties:
    """Write all managed properties and the icon."""


@dataclass(frozen=True, slots=True)
class SaveWords:
    """Save what a person wrote into a block of ours, before that block changes.

    Attributes:
        block_id: The block to comment on; None: the page, as the block will not stay.
        sure: The words are surely a person's, and not our own changed by Notion.
    """

    block_id: BlockId | None
    words: str
    sure: bool


Read: TypeAlias = LookUp | ListBlocks
Write: TypeAlias = CreatePage | AppendBlocks | UpdateBlock | DeleteBlock | UpdateProperties
Action: TypeAlias = Read | SaveWords | Write
Plan: TypeAlias = tuple[Action, ...]

"""The requests that a plan is made of."""

from dataclasses import dataclass
from typing import TypeAlias

from sync.names import BlockId
from sync.page.blocks import Block


@dataclass(frozen=True, slots=True)
class Start:
    """Before everything else."""


@dataclass(frozen=True, slots=True)
class End:
    """Behind everything else."""


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
    """Make the page with its properties and its first blocks.

    Attributes:
        hashed: The content hash goes with it.
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
    """Put what a person wrote into a block of ours where it lasts, before that block changes.

    Attributes:
        block_id: The block to say it on; None: the page, as the block will not stay.
        sure: It bears another's name.
    """

    block_id: BlockId | None
    words: str
    sure: bool


Read: TypeAlias = LookUp | ListBlocks
Write: TypeAlias = CreatePage | AppendBlocks | UpdateBlock | DeleteBlock | UpdateProperties
Action: TypeAlias = Read | SaveWords | Write
Plan: TypeAlias = tuple[Action, ...]

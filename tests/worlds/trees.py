"""Turn what a page shows, and what it should show, into trees that can be compared."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeAlias

from sync.page.blocks import Attachment, Block, Divider, Table, TableRow, children
from sync.page.richtext import plain
from sync.page.wire import type_name

Tree: TypeAlias = list[tuple[str, str, "Tree"]]
"""Blocks, each as its type, its text and its children."""


def wanted(blocks: Sequence[Block]) -> Iterator[tuple[str, str, Tree]]:
    """Yield the tree that a page should show for these blocks."""
    for block in blocks:
        yield type_name(block), _text(block), list(wanted(children(block)))


def _text(block: Block) -> str:
    match block:
        case Divider() | Table():
            return ""
        case Attachment():
            return block.name
        case TableRow():
            return "\t".join(plain(cell) for cell in block.cells)
        case _:
            return plain(block.text)


def shown(
    blocks: Collection[dict[str, Any]], bot: str, commented: Collection[str]
) -> Iterator[tuple[str, str, Tree]]:
    """Yield the tree of our blocks, without emptied ones that stay for a person's comments or blocks."""
    for block in blocks:
        if block["made_by"] == bot and not _is_emptied(block, bot, commented):
            yield block["type"], block["text"], list(shown(block["children"], bot, commented))


def _is_emptied(block: dict[str, Any], bot: str, commented: Collection[str]) -> bool:
    """Tell whether a block of ours is empty, and stays for a person's comments on it or blocks below it."""
    tree = [block, *_below(block)]
    ours = [each for each in tree if each["made_by"] == bot]
    is_mute = not any(each["text"].strip() or each["type"] == "divider" for each in ours)
    return is_mute and (len(ours) < len(tree) or any(each["id"] in commented for each in tree))


def _below(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for child in block["children"]:
        yield child
        yield from _below(child)


def flat(blocks: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield blocks and all blocks below them, in the order of the page."""
    for block in blocks:
        yield block
        yield from flat(block["children"])

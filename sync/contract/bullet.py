"""Find the list items of a section, and make the edits that add or replace one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from markdown_it.token import Token

from sync.contract.document import Document, without_end
from sync.contract.edit import LineEdit
from sync.contract.outline import ContractOutline, ContractSection
from sync.tracelog.words import inline_text

_ITEM: Final = re.compile(
    r"(?P<indent> {0,3})(?P<marker>[-*+]|(?P<number>[0-9]{1,9})(?P<stop>[.)]))(?P<space> +|$)"
)
_VERSION: Final = frozenset(("version", "versions", "revision"))
_LISTS: Final = frozenset(("bullet_list_open", "ordered_list_open"))


@dataclass(frozen=True, slots=True)
class ContractBullet:
    """An item of a list in the contract: its lines, from 0, and its visible text."""

    lines: range
    text: str


@dataclass(frozen=True, slots=True)
class _Block:
    """A block at the top level of the document: the slice of its tokens, and its lines."""

    token: Token
    start: int
    stop: int
    lines: range


def bullets(
    document: Document, outline: ContractOutline, section: ContractSection
) -> tuple[ContractBullet, ...]:
    """Return the items of a section's lists that consist of one paragraph."""
    found = []
    for block in _blocks(document, outline, section):
        if block.token.type in _LISTS:
            found += list(_items(outline.tokens[block.start : block.stop]))
    return tuple(found)


def added(
    document: Document, outline: ContractOutline, section: ContractSection, rules: Sequence[str]
) -> LineEdit:
    """Return the edit that adds rules at the end of a section, before any section below it.

    They continue the list at the end of the section, or begin a new one. A horizontal rule, a comment or a
    version table at the end stays below them.
    """
    blocks = _blocks(document, outline, section)
    while blocks and (_is_apart(blocks[-1].token) or _tells_versions(outline, blocks[-1])):
        blocks.pop()
    at = blocks[-1].lines.stop if blocks else section.heading.stop
    follows = bool(blocks) and blocks[-1].token.type in _LISTS
    new: list[str] = []
    if follows:
        new += _continued(document, outline, blocks[-1], rules)
    else:
        new += ["", *(f"{_usual_marker(outline)} {rule}" for rule in rules)]
    if at < len(document.lines) and without_end(document.lines[at]).strip():
        new.append("")
    return LineEdit(range(at, at), tuple(new))


def replaced(document: Document, bullet: ContractBullet, rule: str) -> LineEdit:
    """Return the edit that replaces the text of an item by a rule."""
    first = without_end(document.lines[bullet.lines.start])
    found = _ITEM.match(first)
    return LineEdit(bullet.lines, (f"{found[0] if found else '- '}{rule}",))


def _blocks(document: Document, outline: ContractOutline, section: ContractSection) -> list[_Block]:
    tops = [
        (index, token)
        for index, token in enumerate(outline.tokens)
        if token.level == 0 and token.map is not None and token.nesting >= 0
    ]
    found = []
    for (index, token), (following, _) in pairwise([*tops, (len(outline.tokens), Token("", "", 0))]):
        start, stop = token.map or (0, 0)
        if start in section.body:
            while stop > start + 1 and not without_end(document.lines[stop - 1]).strip():
                stop -= 1
            found.append(_Block(token, index, following, range(start, stop)))
    return found


def _is_apart(token: Token) -> bool:
    """Return whether a block belongs to the section after it, as a horizontal rule or a comment does."""
    return token.type == "hr" or (token.type == "html_block" and token.content.lstrip().startswith("<!--"))


def _tells_versions(outline: ContractOutline, block: _Block) -> bool:
    """Return whether a block is a table of the contract's versions."""
    if block.token.type != "table_open":
        return False
    tokens = outline.tokens[block.start : block.stop]
    end = next((index for index, token in enumerate(tokens) if token.type == "thead_close"), 0)
    return any(
        inline_text(token).strip().casefold() in _VERSION for token in tokens[:end] if token.type == "inline"
    )


def _continued(
    document: Document, outline: ContractOutline, block: _Block, rules: Sequence[str]
) -> Iterator[str]:
    starts = [
        (token.map or (0, 0))[0]
        for token in outline.tokens[block.start : block.stop]
        if token.type == "list_item_open" and token.level == 1
    ]
    last = _ITEM.match(without_end(document.lines[starts[-1]]))
    is_loose = any(not without_end(document.lines[start - 1]).strip() for start in starts[1:])
    for count, rule in enumerate(rules, 1):
        if is_loose:
            yield ""
        yield f"{_marker(last, count, same=_has_one_number(document, starts))} {rule}"


def _marker(last: re.Match[str] | None, count: int, *, same: bool) -> str:
    if last is None:
        return "-"
    if last["number"] is None:
        return f"{last['indent']}{last['marker']}"
    return f"{last['indent']}{int(last['number']) + (0 if same else count)}{last['stop']}"


def _has_one_number(document: Document, starts: Sequence[int]) -> bool:
    """Return whether all items of a list are written with the same number."""
    items = [_ITEM.match(without_end(document.lines[start])) for start in starts]
    return len(items) > 1 and len({item["number"] for item in items if item is not None}) == 1


def _usual_marker(outline: ContractOutline) -> str:
    """Return the bullet that most lists of the contract have."""
    marks = [token.markup for token in outline.tokens if token.type == "bullet_list_open"]
    return max(sorted(set(marks), key=marks.index), key=marks.count, default="-")


def _items(tokens: Sequence[Token]) -> Iterator[ContractBullet]:
    for index, token in enumerate(tokens):
        if token.type != "list_item_open" or token.level != 1 or token.map is None:
            continue
        inside = tokens[index + 1 : _closing(tokens, index)]
        if [each.type for each in inside] == ["paragraph_open", "inline", "paragraph_close"]:
            start, stop = inside[1].map or token.map
            yield ContractBullet(range(start, stop), " ".join(inline_text(inside[1]).split()))


def _closing(tokens: Sequence[Token], opening: int) -> int:
    level = tokens[opening].level
    return next(
        index
        for index in range(opening + 1, len(tokens))
        if tokens[index].level == level and tokens[index].nesting == -1
    )

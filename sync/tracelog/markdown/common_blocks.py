"""Parse the commonest top-level blocks in one pass: paragraphs, headings, flat lists, plain tables.

Most lines of a log stand in one of these, and the full parser looks at each line a dozen times. Whatever
is not plainly of this kind is left to the full parser; both must read the same.
"""

import re
from typing import Final

from markdown_it.common.utils import mdTrim
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from sync.tracelog.markdown.tokens import Inline, ItemOpening, ItemTextOpening, ParagraphOpening, RowOpening

_OPENING = r"""(?:[^\W\d_]|["'(]|\*{1,2}(?=[^\W\d_])|`{1,2}(?!`)|\d{1,9}(?![\d.)]))"""
"""The beginning of a line that is plain text, whatever follows."""

_LINE = rf"{_OPENING}[^\n]*+"
_END = r"(?=\n(?:[ \t]*\n|\Z)|\Z)"
_PARAGRAPH = re.compile(rf"{_LINE}(?:\n{_LINE})*+{_END}")
_LIST = re.compile(
    rf"(?P<mark>[-*+]) {_LINE}(?:\n(?P=mark) {_LINE})*+(?:\n?\Z|(?=\n#{{1,6}} )|\n\n+(?=(?!(?P=mark))\S))"
)
_HEADING = re.compile(r"(#{1,6}) ([^\n#|]*+)(?=\n|\Z)")
_ROW = r"\|[^\n\\]*\|"
_TABLE = re.compile(rf"{_ROW}\n\|(?: ?-+ ?\|)+(?:\n{_ROW})*{_END}")

# What opens or closes is often the same each time, and nobody writes to it: one token stands for all.
_PARAGRAPH_CLOSE: Final = Token("paragraph_close", "p", -1, block=True)
_ITEM_TEXT_CLOSE: Final = Token("paragraph_close", "p", -1, level=2, block=True, hidden=True)
_HEAD_CLOSE: Final = Token("thead_close", "thead", -1, level=1, block=True)
_BODY_CLOSE: Final = Token("tbody_close", "tbody", -1, level=1, block=True)
_TABLE_CLOSE: Final = Token("table_close", "table", -1, block=True)
_ROW_CLOSE: Final = Token("tr_close", "tr", -1, level=2, block=True)
_HEAD_CELL: Final = (
    Token("th_open", "th", 1, level=3, block=True),
    Token("th_close", "th", -1, level=3, block=True),
)
_CELL: Final = (
    Token("td_open", "td", 1, level=3, block=True),
    Token("td_close", "td", -1, level=3, block=True),
)


def common_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - as markdown-it calls it
    """Read a heading, a paragraph, a list or a table; a rule of markdown-it."""
    if silent or state.level or state.tShift[start] or end != state.lineMax:
        return False
    text, place = state.src, state.bMarks[start]
    sign = text[place : place + 1]
    if sign == "#":
        return (found := _HEADING.match(text, place)) is not None and _read_heading(state, start, found)
    if sign == "|":
        return (found := _TABLE.match(text, place)) is not None and _read_table(state, start, found[0])
    if (found := _PARAGRAPH.match(text, place)) is not None:
        return _read_paragraph(state, start, found[0])
    return (found := _LIST.match(text, place)) is not None and _read_list(state, start, found[0])


def _read_heading(state: StateBlock, start: int, found: re.Match[str]) -> bool:
    mark, text = found.groups()
    state.line = start + 1
    place = [start, state.line]
    tag = f"h{len(mark)}"
    state.tokens += (
        Token("heading_open", tag, 1, map=place, markup=mark, block=True),
        Inline(mdTrim(text), place, 1),
        Token("heading_close", tag, -1, markup=mark, block=True),
    )
    return True


def _read_paragraph(state: StateBlock, start: int, text: str) -> bool:
    state.line = start + text.count("\n") + 1
    place = [start, state.line]
    state.tokens += (
        ParagraphOpening(place),
        Inline(mdTrim(text), place, 1),
        _PARAGRAPH_CLOSE,
    )
    return True


def _read_list(state: StateBlock, start: int, text: str) -> bool:
    mark, lines = text[0], text.rstrip("\n").split("\n")
    last = start + len(lines) - 1
    state.line = start + max(len(lines), text.count("\n"))  # the empty lines behind it are its own
    tokens = state.tokens
    item_close = Token("list_item_close", "li", -1, level=1, markup=mark, block=True)
    tokens.append(Token("bullet_list_open", "ul", 1, map=[start, state.line], markup=mark, block=True))
    for number, line in enumerate(lines, start):
        place = [number, number + 1]
        item = place if number < last else [number, state.line]
        tokens += (
            ItemOpening(item, mark),
            ItemTextOpening(place),
            Inline(mdTrim(line[2:]), place, 3),
            _ITEM_TEXT_CLOSE,
            item_close,
        )
    tokens.append(Token("bullet_list_close", "ul", -1, markup=mark, block=True))
    return True


def _read_table(state: StateBlock, start: int, text: str) -> bool:
    """Parse a table whose rows all have the width of its head; return whether this is one."""
    lines = text.split("\n")
    bars = lines[0].count("|")
    if any(line.count("|") != bars for line in lines):
        return False
    stop = state.line = start + len(lines)
    head, _, *rows = lines
    tokens = state.tokens
    place = [start, start + 1]
    tokens.append(Token("table_open", "table", 1, map=[start, stop], block=True))
    tokens.append(Token("thead_open", "thead", 1, map=place, level=1, block=True))
    _read_row(tokens, place, head, _HEAD_CELL)
    tokens.append(_HEAD_CLOSE)
    if rows:
        tokens.append(Token("tbody_open", "tbody", 1, map=[start + 2, stop], level=1, block=True))
        for number, row in enumerate(rows, start + 2):
            _read_row(tokens, [number, number + 1], row, _CELL)
        tokens.append(_BODY_CLOSE)
    tokens.append(_TABLE_CLOSE)
    return True


def _read_row(tokens: list[Token], place: list[int], line: str, around: tuple[Token, Token]) -> None:
    opening, closing = around
    tokens.append(RowOpening(place))
    for cell in line[1:-1].split("|"):
        tokens += (opening, Inline(mdTrim(cell), place, 4), closing)
    tokens.append(_ROW_CLOSE)

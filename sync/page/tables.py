"""Turn markdown tables into blocks, without losing cells beyond the width of the header."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from sync.page.blocks import Code, RichText, Run, Table, TableRow
from sync.page.inline import rich_text
from sync.page.languages import PLAIN_TEXT
from sync.page.limits import MAX_BLOCK_TEXT, MAX_COLUMNS, utf16_length
from sync.page.richtext import fits, fitted, holdable, is_short, joined, plain

_BETWEEN: Final = " | "


@dataclass(frozen=True, slots=True)
class _Row:
    """A row; `surplus` is the text of the cells after the last column."""

    cells: tuple[Token, ...]
    surplus: str


def table(tokens: Sequence[Token], source: Sequence[str]) -> tuple[Table | Code, ...]:
    """Return the table of these tokens, or code with its rows if Notion cannot hold it as a table.

    Args:
        tokens: The tokens from `table_open` on, without `table_close`.
        source: The lines of the log, for cells that the parser drops.
    """
    rows = tuple(_rows(tokens, source))
    width = len(rows[0].cells)
    if width <= MAX_COLUMNS:
        filled = tuple(TableRow(_cells(row)) for row in rows)
        if all(_holds(row) for row in filled):
            return (Table(width, filled),)
    written = "\n".join(_written(row) for row in rows)
    return tuple(Code(piece, PLAIN_TEXT) for piece in fitted((Run(holdable(written)),), breaks="\n "))


def _rows(tokens: Sequence[Token], source: Sequence[str]) -> Iterator[_Row]:
    starts = [i for i, token in enumerate(tokens) if token.type == "tr_open"]
    for start, stop in zip(starts, (*starts[1:], len(tokens)), strict=True):
        cells = tuple([token for token in tokens[start:stop] if token.type == "inline"])
        line = tokens[start].map
        yield _Row(cells, _surplus(source[line[0]], cells) if line else "")


def _surplus(line: str, cells: Sequence[Token]) -> str:
    """Return the cells after the last column, which GFM ignores."""
    if line.count("|") < len(cells) or (line.count("|") == len(cells) + 1 and line[:1] == line[-1:] == "|"):
        return ""
    first = cells[0].content
    written = [cell.strip() for cell in escapedSplit(line.strip())]
    opens_with_text = bool(first) and written[0].endswith(first)
    surplus = written[len(cells) if opens_with_text else len(cells) + 1 :]
    return _BETWEEN.join(cell for cell in surplus if cell)


def _cells(row: _Row) -> tuple[RichText, ...]:
    *others, last = [rich_text(cell.children or ()) for cell in row.cells]
    if row.surplus:
        last = joined([part for part in (last, (Run(holdable(row.surplus)),)) if part], _BETWEEN)
    return (*others, last)


def _holds(row: TableRow) -> bool:
    if is_short([run for cell in row.cells for run in cell]):
        return True
    units = sum([utf16_length(plain(cell)) for cell in row.cells])
    return units <= MAX_BLOCK_TEXT and all(map(fits, row.cells))


def _written(row: _Row) -> str:
    cells = [cell.content for cell in row.cells]
    return f"| {_BETWEEN.join([*cells, row.surplus] if row.surplus else cells)} |"

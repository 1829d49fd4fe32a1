"""The database as a table, as values."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from sync.notion.emulator.api.column_answers import columns_of, title_of
from sync.notion.emulator.model import Page
from sync.notion.emulator.rules.rich_text import text_of
from sync.notion.emulator.screens.looks import Chip, chips, icon_of, shown_moment
from sync.notion.emulator.values import as_text
from sync.notion.emulator.workspace import Workspace

ROWS_A_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One line of the table; `verdict` is the outcome or the severity."""

    id: str
    icon: str
    title: str
    kind: Chip | None
    when: str
    env: Chip | None
    risk: Chip | None
    verdict: Chip | None
    summary: str
    tools: tuple[Chip, ...]
    warnings: int
    comments: int
    order: datetime


@dataclass(frozen=True, slots=True)
class Tab:
    """One choice of the filter."""

    text: str
    count: int
    href: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class ShownTable:
    """The database as it is looked at."""

    title: str
    tabs: tuple[Tab, ...]
    verdicts: tuple[tuple[Chip, int], ...]
    rows: tuple[ShownRow, ...]
    found: int
    total: int
    query: str
    kind: str
    newer: str | None
    older: str | None


def shown_table(ws: Workspace, asked: Mapping[str, str]) -> ShownTable:
    """Return the rows that are asked for, newest first."""
    query, kind = asked.get("q", "").strip(), asked.get("type", "")
    number = int(asked["page"]) if asked.get("page", "").isdecimal() else 1
    talk = Counter(
        ws.blocks[c.parent].page if c.parent in ws.blocks else c.parent for c in ws.comments.values()
    )
    pages = [ws.pages[row] for source in ws.data_sources.values() for row in source.rows]
    everything = [_row(ws, page, talk[page.id]) for page in pages if not page.in_trash]
    everything.sort(key=lambda row: row.order, reverse=True)
    matching = [row for row in everything if _matches(row, query)]
    found = [row for row in matching if not kind or (row.kind and row.kind.text == kind)]
    first = (number - 1) * ROWS_A_PAGE
    titles = (text_of(database.title) for database in ws.databases.values())
    return ShownTable(
        title=next(titles, "Notion"),
        tabs=_tabs(everything, matching, query=query, kind=kind),
        verdicts=_verdicts(found),
        rows=tuple(found[first : first + ROWS_A_PAGE]),
        found=len(found),
        total=len(everything),
        query=query,
        kind=kind,
        newer=_href(query, kind, number - 1) if number > 1 else None,
        older=_href(query, kind, number + 1) if len(found) > first + ROWS_A_PAGE else None,
    )


def _row(ws: Workspace, page: Page, comments: int) -> ShownRow:
    columns = {column.name: column for column in columns_of(ws, page)}

    def text(name: str) -> str:
        return as_text(columns[name], page.values.get(columns[name].id)) if name in columns else ""

    def choices(name: str) -> tuple[Chip, ...]:
        return chips(page, columns[name]) if name in columns else ()

    def chip(name: str) -> Chip | None:
        return next(iter(choices(name)), None)

    return ShownRow(
        id=page.id,
        icon=icon_of(page),
        title=title_of(page) or "Untitled",
        kind=chip("Type"),
        when=shown_moment(text("Timestamp")),
        env=chip("ENV"),
        risk=chip("RISK"),
        verdict=chip("Outcome") or chip("Severity"),
        summary=text("Summary"),
        tools=choices("Tools"),
        warnings=len([line for line in text("Format Warnings").splitlines() if line.strip()]),
        comments=comments,
        order=_order(text("Timestamp"), page.edits.made),
    )


def _order(text: str, made: datetime) -> datetime:
    """Return where a row belongs in time: by its timestamp, by its making when it has none."""
    when = datetime.fromisoformat(text) if text else made
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _matches(row: ShownRow, query: str) -> bool:
    words = query.casefold().split()
    hay = " ".join((row.title, row.summary, row.when, *(tool.text for tool in row.tools))).casefold()
    return all(word in hay for word in words)


def _tabs(
    rows: Sequence[ShownRow], matching: Sequence[ShownRow], *, query: str, kind: str
) -> tuple[Tab, ...]:
    counts = Counter(row.kind.text for row in matching if row.kind)
    kinds = sorted({row.kind.text for row in rows if row.kind}, reverse=True)
    tabs = [Tab("All", len(matching), _href(query, ""), is_on=not kind)]
    tabs += [Tab(name, counts[name], _href(query, name), is_on=name == kind) for name in kinds]
    return tuple(tabs)


def _verdicts(rows: Iterable[ShownRow]) -> tuple[tuple[Chip, int], ...]:
    counts = Counter(row.verdict for row in rows if row.verdict)
    return tuple(counts.most_common(6))


def _href(query: str, kind: str, number: int = 1) -> str:
    asked = {"q": query, "type": kind, "page": str(number) if number > 1 else ""}
    text = urlencode({key: value for key, value in asked.items() if value})
    return f"/?{text}" if text else "/"

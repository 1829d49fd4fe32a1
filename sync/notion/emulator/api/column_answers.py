"""How the properties of pages and data sources read."""

from collections.abc import Iterable
from typing import Any

from sync.notion.emulator.api.basic_answers import minute, user
from sync.notion.emulator.checks import Obj
from sync.notion.emulator.model import Page, PropertyDef
from sync.notion.emulator.rules.properties import EMPTY
from sync.notion.emulator.rules.rich_text import text_of
from sync.notion.emulator.workspace import Workspace


def property_value(page: Page, column: PropertyDef) -> Obj:
    """Return one property of a page."""
    return {"id": column.id, "type": column.kind, column.kind: _value(page, column)}


def columns_of(ws: Workspace, page: Page) -> Iterable[PropertyDef]:
    """Return the columns of a page; one that is no row has only its title."""
    if page.data_source:
        return ws.data_sources[page.data_source].properties
    return (PropertyDef("title", "title", "title", {}),)


def title_of(page: Page) -> str:
    """Return the title of a page as plain text."""
    return text_of(page.values.get("title", []))


def column_object(column: PropertyDef) -> Obj:
    """Return a property as a data source shows it."""
    return {
        "id": column.id,
        "name": column.name,
        "description": column.description,
        "type": column.kind,
        column.kind: column.config,
    }


def _value(page: Page, column: PropertyDef) -> Any:  # noqa: ANN401, PLR0911  # each type of column has its own
    match column.kind:
        case "created_time":
            return minute(page.edits.made)
        case "last_edited_time":
            return minute(page.edits.changed)
        case "created_by":
            return user(page.edits.made_by)
        case "last_edited_by":
            return user(page.edits.changed_by)
        case "select" | "status":
            return _chosen(column, page.values.get(column.id))
        case "multi_select":
            chosen = (_chosen(column, option) for option in page.values.get(column.id, ()))
            return [option for option in chosen if option]
        case kind:
            value = page.values.get(column.id)
            return EMPTY.get(kind) if value is None else value


def _chosen(column: PropertyDef, option_id: str | None) -> Obj | None:
    options: list[Obj] = column.config["options"]
    if option_id is None:
        found = options[0] if column.kind == "status" and options else None
    else:
        found = next((option for option in options if option["id"] == option_id), None)
    return {key: found[key] for key in ("id", "name", "color")} if found else None

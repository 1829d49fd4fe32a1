"""Values of columns between types and as plain text."""

from typing import Any

from sync.notion.emulator.checks import Obj
from sync.notion.emulator.model import Page, PropertyDef
from sync.notion.emulator.rules.rich_text import text_of, unstyled
from sync.notion.emulator.rules.schema import OPTION_LIMIT

_NO = frozenset(("", "no", "false", "0"))


def as_text(column: PropertyDef, value: Any) -> str:  # noqa: ANN401, PLR0911  # each type of column has its own
    """Return a kept value as plain text."""
    if value is None:
        return ""
    match column.kind:
        case "title" | "rich_text":
            return text_of(value)
        case "select" | "status":
            return _names(column, [value])
        case "multi_select":
            return _names(column, value)
        case "date":
            return str(value["start"])
        case "checkbox":
            return "Yes" if value else "No"
        case _:
            return str(value)


def converted(column: PropertyDef, value: Any, kind: str) -> Any:  # noqa: ANN401  # each type of column has its own type of value
    """Return a kept value in the form that a page write gives for another type; what does not fit is lost."""
    text = as_text(column, value)
    match kind:
        case "title" | "rich_text":
            return unstyled(text)
        case "select":
            return _option(text) if text else None
        case "multi_select":
            return [_option(part.strip()) for part in text.split(",") if part.strip()]
        case "checkbox":
            return text.casefold() not in _NO
        case "url" | "email" | "phone_number":
            return text or None
        case _:
            return None


def plain_values(page: Page, columns: list[PropertyDef]) -> dict[str, str]:
    """Return all values of a page as plain text, by column name."""
    return {column.name: as_text(column, page.values.get(column.id)) for column in columns}


def _option(text: str) -> Obj:
    return {"name": text.replace(",", " ")[:OPTION_LIMIT], "color": None}


def _names(column: PropertyDef, ids: list[str]) -> str:
    names = {option["id"]: option["name"] for option in column.config["options"]}
    return ", ".join(names[option] for option in ids if option in names)

"""What the pages show everywhere, as values: no HTML here, and none of the API's JSON in the templates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sync.notion.emulator.api.column_answers import property_value
from sync.notion.emulator.checks import Obj
from sync.notion.emulator.model import Page, PropertyDef
from sync.notion.emulator.rules.rich_text import text_of

_SAFE: Final = ("http://", "https://", "mailto:")
_COLOURS: Final[Mapping[str, str]] = {
    "success": "green", "partial": "yellow", "failed": "red", "warning": "yellow", "error": "orange",
    "critical": "red", "prod": "purple", "stage": "blue", "dev": "gray", "high": "red", "medium": "yellow",
    "low": "green", "execution": "blue", "exception": "pink",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chip:
    """A coloured word."""

    text: str
    colour: str


@dataclass(frozen=True, slots=True)
class ShownRun:
    """A piece of text of one look."""

    text: str
    classes: str
    link: str | None


def chips(page: Page, column: PropertyDef) -> tuple[Chip, ...]:
    """Return the value of a column as chips."""
    value = property_value(page, column)[column.kind]
    match column.kind:
        case "select" | "status":
            return (_chip(value),) if value else ()
        case "multi_select":
            return tuple(_chip(option) for option in value)
        case "rich_text":
            text = text_of(value)
            return (_chip({"name": text, "color": "default"}),) if text else ()
        case _:
            return ()


def _chip(option: Obj) -> Chip:
    name, colour = str(option["name"]), str(option["color"])
    return Chip(name, _COLOURS.get(name.casefold(), "default") if colour == "default" else colour)


def runs(items: Iterable[Obj]) -> tuple[ShownRun, ...]:
    """Return rich text; only web and mail addresses stay links."""
    return tuple(
        ShownRun(
            item["plain_text"],
            " ".join(look for look, is_on in item["annotations"].items() if is_on is True),
            item["href"] if str(item["href"]).startswith(_SAFE) else None,
        )
        for item in items
    )


def icon_of(page: Page) -> str:
    """Return the emoji of a page."""
    return str((page.icon or {}).get("emoji", "📄"))


def shown_moment(text: str) -> str:
    """Return a date as people read it; UTC goes without saying."""
    if "T" not in text:
        return text
    when: Any = datetime.fromisoformat(text)
    zone = f"{when:%z}"
    return f"{when:%Y-%m-%d %H:%M}{'' if zone in {'', '+0000'} else f' {zone}'}"

"""A workspace as JSON and back, so that a stand-in can be stopped and started again."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sync.notion.emulator.checks import Obj
from sync.notion.emulator.ids import IdSource
from sync.notion.emulator.model import (
    Comment,
    Database,
    DataSource,
    Edits,
    Page,
    PropertyDef,
    StoredBlock,
    Upload,
    View,
)
from sync.notion.emulator.workspace import Workspace

FORMAT: Final = 1
_TABLES: Final[Mapping[str, type[Any]]] = {
    "databases": Database,
    "data_sources": DataSource,
    "pages": Page,
    "blocks": StoredBlock,
    "comments": Comment,
    "views": View,
    "uploads": Upload,
}
_OWN: Final = ("id", "bot", "jen", "root")


def snapshot(ws: Workspace) -> Obj:
    """Return everything in a workspace as JSON values."""
    tables = {name: [_plain(thing) for thing in getattr(ws, name).values()] for name in _TABLES}
    return {"format": FORMAT, "seed": ws.ids.seed(), **{name: getattr(ws, name) for name in _OWN}, **tables}


def restore(ws: Workspace, saved: Obj) -> None:
    """Put everything that was saved in place of what a workspace holds.

    Raises:
        ValueError: It was saved in another format.
    """
    if saved.get("format") != FORMAT:
        raise ValueError(f"format {saved.get('format')} of a saved workspace is not known; expected {FORMAT}")
    ws.ids = IdSource(saved["seed"])
    for name in _OWN:
        setattr(ws, name, saved[name])
    for name, kind in _TABLES.items():
        setattr(ws, name, {row["id"]: _thing(kind, row) for row in saved[name]})


def _plain(thing: Any) -> Obj:  # noqa: ANN401  # any of the kinds above
    return {field.name: _plain_value(getattr(thing, field.name)) for field in fields(thing)}


def _plain_value(value: Any) -> Any:  # noqa: ANN401  # any value of a field
    match value:
        case datetime():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode("ascii")
        case Edits() | PropertyDef():
            return _plain(value)
        case list() if value and isinstance(value[0], PropertyDef):
            return [_plain(item) for item in value]
        case _:
            return value


_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "edits": lambda row: Edits(
        datetime.fromisoformat(row["made"]),
        row["made_by"],
        datetime.fromisoformat(row["changed"]),
        row["changed_by"],
    ),
    "properties": lambda rows: [PropertyDef(**row) for row in rows],
}


def _thing(kind: type[Any], row: Obj) -> Any:  # noqa: ANN401  # one of that kind
    values = {key: _READ[key](value) if key in _READ else value for key, value in row.items()}
    if kind is Upload and values["content"] is not None:
        values["content"] = base64.b64decode(values["content"])
    return kind(**values)

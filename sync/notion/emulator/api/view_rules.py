"""What a view may be configured with: every property it names is one of its data source."""

from collections.abc import Mapping

from sync.notion.emulator.api.filters import page_test
from sync.notion.emulator.checks import Obj, array, boolean, choice, member, obj, string
from sync.notion.emulator.model import DataSource
from sync.notion.emulator.refusals import expected, invalid, unwanted
from sync.notion.emulator.workspace import Workspace

_direction = choice("ascending", "descending")
_timestamp = choice("created_time", "last_edited_time")
_group_order = choice("manual", "ascending", "descending")

_COLUMN_KEYS = ("property_id", "visible", "width", "wrap", "status_show_as", "card_property_width_mode",
    "date_format", "time_format")  # fmt: skip
_KEYS: Mapping[str, tuple[str, ...]] = {
    "table": ("properties", "group_by", "subtasks", "wrap_cells", "frozen_column_index",
        "show_vertical_lines"),
    "board": ("group_by", "sub_group_by", "properties", "cover", "cover_size", "cover_aspect",
        "card_layout"),
    "calendar": ("date_property_id", "properties", "view_range", "show_weekends"),
}  # fmt: skip
_DATES = frozenset(("date", "created_time", "last_edited_time"))
_GROUPED: Mapping[str, frozenset[str]] = {
    "select": frozenset(("select",)),
    "multi_select": frozenset(("multi_select",)),
    "status": frozenset(("status",)),
    "text": frozenset(("rich_text",)),
    "title": frozenset(("title",)),
    "checkbox": frozenset(("checkbox",)),
    "date": frozenset(("date",)),
}
_group_kind = choice(*_GROUPED, "url", "email", "phone_number", "number", "formula", "relation", "person",
    "created_by", "last_edited_by", "created_time", "last_edited_time")  # fmt: skip
_GRANULARITY: Mapping[str, tuple[str, ...]] = {
    "status": ("group", "option"),
    "text": ("exact", "alphabet_prefix"),
    "title": ("exact", "alphabet_prefix"),
    "date": ("relative", "day", "week", "month", "year"),
}


def check_configuration(given: object, kind: str, source: DataSource, *, ws: Workspace) -> Obj:
    """Take the configuration of a view of this kind; tables, boards and calendars to the letter."""
    path = "body.configuration"
    configuration = obj(given, path)
    if configuration.get("type") != kind:
        raise expected(f"{path}.type", f'`"{kind}"`', configuration.get("type"))
    if kind not in _KEYS:
        return configuration
    obj(configuration, path, allowed=("type", *_KEYS[kind]))
    for index, item in enumerate(array(configuration.get("properties") or [], f"{path}.properties")):
        where = f"{path}.properties[{index}]"
        column = obj(item, where, allowed=_COLUMN_KEYS)
        _column_kind(member(column, "property_id", where), f"{where}.property_id", source, ws=ws)
        boolean(column.get("visible", True), f"{where}.visible")
    if kind == "board":
        member(configuration, "group_by", path)
    if kind == "calendar":
        where = f"{path}.date_property_id"
        found = _column_kind(member(configuration, "date_property_id", path), where, source, ws=ws)
        if found not in _DATES:
            raise invalid(f"body failed validation: {where} should be a date property, not {found}.")
    if kind == "board" or configuration.get("group_by") is not None:
        _group(configuration["group_by"], f"{path}.group_by", source, ws=ws)
    return {key: value for key, value in configuration.items() if value is not None}


def check_filter(given: object, source: DataSource, *, ws: Workspace) -> None:
    """Refuse a filter that a query would not take either."""
    if given is not None:
        page_test(given, source, ws=ws)


def check_sorts(given: object, source: DataSource, *, ws: Workspace) -> None:
    """Refuse an order by what is not there."""
    for index, item in enumerate(array(given or [], "body.sorts")):
        path = f"body.sorts[{index}]"
        sort = obj(item, path, allowed=("property", "timestamp", "direction"))
        _direction(member(sort, "direction", path), f"{path}.direction")
        if "timestamp" in sort:
            _timestamp(sort["timestamp"], f"{path}.timestamp")
            if "property" in sort:
                raise unwanted(f"{path}.property", sort["property"])
            continue
        key = string(member(sort, "property", path), f"{path}.property")
        if ws.column(source, key) is None:
            raise invalid(f"Could not find sort property with name or id: {key}")


def _group(given: object, path: str, source: DataSource, *, ws: Workspace) -> None:
    group = obj(given, path)
    kind = _group_kind(member(group, "type", path), f"{path}.type")
    if kind not in _GROUPED:
        return
    finer = ("group_by",) if kind in _GRANULARITY else ()
    obj(group, path, allowed=("type", "property_id", "sort", "hide_empty_groups", *finer))
    found = _column_kind(member(group, "property_id", path), f"{path}.property_id", source, ws=ws)
    if found not in _GROUPED[kind]:
        raise invalid(f"body failed validation: {path}.type should be of type {found}, not {kind}.")
    if finer:
        choice(*_GRANULARITY[kind])(member(group, "group_by", path), f"{path}.group_by")
    sort = obj(member(group, "sort", path), f"{path}.sort", allowed=("type",))
    _group_order(member(sort, "type", f"{path}.sort"), f"{path}.sort.type")
    boolean(group.get("hide_empty_groups", False), f"{path}.hide_empty_groups")


def _column_kind(given: object, path: str, source: DataSource, *, ws: Workspace) -> str:
    """Return the type of a property that is named by its id; its name is none."""
    key = string(given, path)
    column = None if source.named(key) else ws.column(source, key)
    if column is None:
        raise invalid(f"body failed validation: {path} names no property: {key}.")
    return column.kind

"""Endpoints of pages."""

from typing import Any

from sync.notion.emulator.api.answers import page_object
from sync.notion.emulator.api.calls import Call, Capability
from sync.notion.emulator.api.media import media_block, media_item
from sync.notion.emulator.checks import Obj, boolean, icon, member, obj
from sync.notion.emulator.ids import same_property
from sync.notion.emulator.model import DataSource, Page, PropertyDef
from sync.notion.emulator.refusals import archived, expected, invalid, unknown_property, unwanted
from sync.notion.emulator.rules.blocks import NewBlock, new_blocks
from sync.notion.emulator.rules.properties import new_value

_TITLE = PropertyDef("title", "title", "title", {})


def create(call: Call) -> Obj:
    """POST /v1/pages."""
    call.access.need(Capability.INSERT)
    call.only_keys("parent", "properties", "icon", "cover", "children", "position")
    source, parent = _parent(call)
    values = _values(call, source, call.body.get("properties", {}))
    sign = _icon(call)
    children: tuple[NewBlock, ...] = ()
    if "children" in call.body:
        children = new_blocks(call.body["children"], "body.children", media=media_block(call))
    if "position" in call.body and source:
        raise invalid("position is only supported for pages whose parent is a page.")
    call.access.need_blocks()
    ws = call.ws
    page = ws.add_page(source, user=ws.bot) if source else ws.add_subpage(parent, user=ws.bot)
    _write(call, page, values)
    page.icon = sign
    ws.insert(page.id, children, at=None, user=ws.bot)
    return page_object(ws, page)


def retrieve(call: Call) -> Obj:
    """GET /v1/pages/{page_id}."""
    call.access.need(Capability.READ)
    page = call.page(call.ids[0], "path.page_id")
    return page_object(call.ws, page, only=wanted_properties(call, page))


def update(call: Call) -> Obj:
    """PATCH /v1/pages/{page_id}."""
    call.access.need(Capability.UPDATE)
    page = call.page(call.ids[0], "path.page_id")
    call.only_keys("properties", "icon", "cover", "in_trash", "is_locked", "is_archived", "erase_content")
    body = call.body
    flags = {
        key: boolean(body[key], f"body.{key}")
        for key in ("in_trash", "is_locked", "is_archived", "erase_content")
        if key in body
    }
    source = call.ws.data_sources[page.data_source] if page.data_source else None
    values = _values(call, source, body.get("properties", {}))
    sign = _icon(call)
    restores = flags.get("in_trash") is False
    if page.in_trash and not restores and (set(body) - {"in_trash"} or not flags):
        raise archived()
    if page.parent is not None:
        call.living(page.parent)
    _write(call, page, values)
    if "icon" in body:
        page.icon = sign
    if flags.pop("erase_content", False):
        for block in call.ws.living(page.id):
            block.in_trash = True
    for key, value in flags.items():
        setattr(page, key, value)
    call.ws.touch(page.id, user=call.ws.bot)
    return page_object(call.ws, page, only=wanted_properties(call, page))


def wanted_properties(call: Call, page: Page) -> set[str] | None:
    """Return the ids of the properties that `filter_properties` asks for; None when it asks for all."""
    if page.data_source is None:
        return None
    return filtered_columns(call, call.ws.data_sources[page.data_source])


def filtered_columns(call: Call, source: DataSource) -> set[str] | None:
    """Return the ids that `filter_properties` names; an id that still has `%3A` was encoded twice."""
    given = [*call.query.get("filter_properties", ()), *call.query.get("filter_properties[]", ())]
    if not given:
        return None
    wanted: set[str] = set()
    for key in given:
        found = source.named(key) or next(
            (c for c in source.properties if same_property(key, c.id) and "%" not in key), None
        )
        if found is None:
            raise invalid(f"Could not find property with name or id: {key}")
        wanted.add(found.id)
    return wanted


def _parent(call: Call) -> tuple[DataSource | None, str]:
    parent = obj(member(call.body, "parent", "body"), "body.parent")
    keys = set(parent) - {"type"}
    if keys not in ({"data_source_id"}, {"page_id"}, {"database_id"}):
        raise invalid(
            "body failed validation. Fix one: body.parent.data_source_id should be defined, "
            "body.parent.page_id should be defined, body.parent.database_id should be defined."
        )
    (kind,) = keys
    if parent.get("type", kind) != kind:
        raise expected("body.parent.type", f'`"{kind}"`', parent["type"])
    where = f"body.parent.{kind}"
    if kind == "page_id":
        page = call.page(parent[kind], where)
        call.living(page.id)
        return None, page.id
    if kind == "database_id":
        sources = call.database(parent[kind], where).data_sources
        if len(sources) != 1:
            raise invalid("Databases with multiple data sources need a data_source_id parent.")
        return call.ws.data_sources[sources[0]], ""
    source = call.data_source(parent[kind], where)
    if source.in_trash or call.ws.databases[source.database].in_trash:
        raise archived()
    return source, ""


def _values(call: Call, source: DataSource | None, given: object) -> list[tuple[PropertyDef, Any]]:
    properties = obj(given, "body.properties")
    item = media_item(call)
    taken: dict[str, tuple[PropertyDef, Any]] = {}
    for key, value in properties.items():
        column = call.ws.column(source, key) if source else _TITLE if key == "title" else None
        if column is None:
            raise unknown_property(key)
        if column.id in taken:
            raise invalid(f"{key} names a property that is named before.")
        new = new_value(column, value, f"body.properties.{key}", key=key, media=item)
        taken[column.id] = (column, new)
    return list(taken.values())


def _write(call: Call, page: Page, values: list[tuple[PropertyDef, Any]]) -> None:
    for column, value in values:
        call.ws.set_value(page, column, value)


def _icon(call: Call) -> Obj | None:
    if call.body.get("cover") is not None:
        raise unwanted("body.cover", call.body["cover"])
    given = call.body.get("icon")
    return None if given is None else icon(given, "body.icon")

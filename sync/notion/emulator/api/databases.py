"""Endpoints of databases and data sources."""

from sync.notion.emulator.api.answers import data_source_object, database_object
from sync.notion.emulator.api.calls import Call, Capability
from sync.notion.emulator.checks import Obj, boolean, icon, member, obj, string
from sync.notion.emulator.ids import same_property
from sync.notion.emulator.model import DataSource, PropertyDef
from sync.notion.emulator.refusals import invalid, undefined, unwanted
from sync.notion.emulator.rules.rich_text import rich_text
from sync.notion.emulator.rules.schema import kind_of, new_config
from sync.notion.emulator.values import converted
from sync.notion.emulator.workspace import Workspace

SCHEMA_LIMIT = 500


def create(call: Call) -> Obj:
    """POST /v1/databases."""
    call.access.need(Capability.INSERT)
    call.only_keys("parent", "title", "description", "is_inline", "initial_data_source", "icon", "cover")
    parent = obj(member(call.body, "parent", "body"), "body.parent", allowed=("type", "page_id", "workspace"))
    page = call.page(member(parent, "page_id", "body.parent"), "body.parent.page_id")
    call.living(page.id)
    title = rich_text(call.body.get("title", []), "body.title")
    path = "body.initial_data_source"
    first = obj(call.body.get("initial_data_source", {}), path, allowed=("properties",))
    columns = new_columns(call.ws, first.get("properties", {}), f"{path}.properties")
    call.access.need_blocks()
    ws = call.ws
    made = ws.add_database(title, columns=columns, user=ws.bot, database_id=ws.ids.uuid(), parent=page.id)
    return database_object(ws, made)


def retrieve(call: Call) -> Obj:
    """GET /v1/databases/{database_id}."""
    call.access.need(Capability.READ)
    return database_object(call.ws, call.database(call.ids[0], "path.database_id"))


def retrieve_source(call: Call) -> Obj:
    """GET /v1/data_sources/{data_source_id}."""
    call.access.need(Capability.READ)
    return data_source_object(call.ws, call.data_source(call.ids[0], "path.data_source_id"))


def update_source(call: Call) -> Obj:
    """PATCH /v1/data_sources/{data_source_id}."""
    call.access.need(Capability.UPDATE)
    source = call.data_source(call.ids[0], "path.data_source_id")
    call.only_keys("title", "icon", "properties", "in_trash")
    body = call.body
    title = rich_text(body["title"], "body.title") if "title" in body else source.title
    sign = icon(body["icon"], "body.icon") if body.get("icon") is not None else None
    in_trash = boolean(body.get("in_trash", source.in_trash), "body.in_trash")
    columns = changed_columns(call.ws, source, obj(body.get("properties", {}), "body.properties"))
    change_schema(call.ws, source, columns)
    source.title, source.in_trash = title, in_trash
    if "icon" in body:
        source.icon = sign
    source.edits.again(call.ws.clock(), call.ws.bot)
    return data_source_object(call.ws, source)


def new_columns(ws: Workspace, given: object, path: str) -> list[PropertyDef]:
    """Take the columns of a new data source; one of them is the title, `Name` when none is given."""
    columns = [
        _new_column(ws, name, obj(body, f"{path}.{name}"), f"{path}.{name}")
        for name, body in obj(given, path).items()
    ]
    titles = [column for column in columns if column.kind == "title"]
    if len(titles) > 1:
        raise invalid("Title is not provided exactly once: a data source has one title property.")
    return columns if titles else [*columns, ws.new_column("Name", "title", {})]


def changed_columns(ws: Workspace, source: DataSource, given: Obj) -> list[PropertyDef]:
    """Return the columns after a change: some new, renamed, converted, or without those set to null."""
    columns = list(source.properties)
    for key, value in given.items():
        path = f"body.properties.{key}"
        old = ws.column(source, key)
        if value is None:
            if old is None:
                raise invalid(f"Could not find property with name or id: {key}")
            if old.kind == "title":
                raise invalid("Cannot delete the title property.")
            columns = [column for column in columns if column.id != old.id]
            continue
        body = obj(value, path)
        if old is None:
            columns.append(_new_column(ws, key, body, path))
        else:
            columns = [_changed(ws, old, body, path) if c.id == old.id else c for c in columns]
    _sound(columns)
    return columns


def change_schema(ws: Workspace, source: DataSource, columns: list[PropertyDef]) -> None:
    """Give a data source these columns; the values of converted ones are converted, of lost ones lost."""
    before = {column.id: column for column in source.properties}
    after = {column.id: column for column in columns}
    for row in source.rows:
        values = ws.pages[row].values
        for identity, old in before.items():
            new = after.get(identity)
            if new is None:
                values.pop(identity, None)
            elif new.kind != old.kind and identity in values:
                ws.set_value(ws.pages[row], new, converted(old, values.pop(identity), new.kind))
    source.properties = columns


def _new_column(ws: Workspace, name: str, body: Obj, path: str) -> PropertyDef:
    string(name, path, limit=SCHEMA_LIMIT)
    obj(body, path)
    kind = kind_of(body, path)
    if kind is None:
        raise invalid(f"{name} is not a property that exists.")
    if body.get("name", name) != name:
        raise unwanted(f"{path}.name", body["name"])
    config = new_config(kind, body[kind], f"{path}.{kind}", old=None, new_id=ws.ids.uuid)
    return ws.new_column(name, kind, config)


def _changed(ws: Workspace, old: PropertyDef, body: Obj, path: str) -> PropertyDef:
    kind = kind_of(body, path) or old.kind
    if not {"name", kind} & set(body):
        raise undefined(f"{path}.name")
    if "id" in body and not same_property(string(body["id"], f"{path}.id"), old.id):
        raise unwanted(f"{path}.id", body["id"])
    name = string(body.get("name", old.name), f"{path}.name", limit=SCHEMA_LIMIT)
    if not name:
        raise undefined(f"{path}.name")
    if (kind == "title") != (old.kind == "title"):
        raise invalid(f"Cannot convert {old.name} from {old.kind} to {kind}.")
    config = old.config
    if kind in body:
        same = old.config if kind == old.kind else None
        config = new_config(kind, body[kind], f"{path}.{kind}", old=same, new_id=ws.ids.uuid)
    description = body.get("description", old.description)
    if description is not None:
        string(description, f"{path}.description")
    return PropertyDef(old.id, name, kind, config, description)


def _sound(columns: list[PropertyDef]) -> None:
    names = [column.name for column in columns]
    for name in names:
        if names.count(name) > 1:
            raise invalid(
                f"Cannot create or rename a property to {name}: a property of that name already exists."
            )
    if sum(column.kind == "title" for column in columns) != 1:
        raise invalid("Title is not provided exactly once: a data source has one title property.")

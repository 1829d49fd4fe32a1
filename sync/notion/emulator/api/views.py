"""Endpoints of views. Filters, sorts and configurations are checked and kept: they only change looks."""

from sync.notion.emulator.api.answers import list_object, view_object, view_stub
from sync.notion.emulator.api.calls import Call, Capability
from sync.notion.emulator.api.view_rules import check_configuration, check_filter, check_sorts
from sync.notion.emulator.checks import Obj, choice, member, string
from sync.notion.emulator.ids import given_id
from sync.notion.emulator.model import DataSource, Edits, View
from sync.notion.emulator.refusals import invalid, undefined

_KINDS = ("table", "board", "list", "calendar", "timeline", "gallery", "form", "chart", "map", "dashboard")
_kind = choice(*_KINDS)
_CONFIGURED = frozenset(("board", "chart", "calendar", "timeline"))
_LOOKS = ("filter", "sorts", "quick_filters")


def create(call: Call) -> Obj:
    """POST /v1/views."""
    call.access.need(Capability.INSERT)
    call.access.need(Capability.UPDATE)
    body = call.body
    keys = ("data_source_id", "name", "type", "database_id", *_LOOKS, "configuration", "position")
    call.only_keys(*keys)
    database = call.database(member(body, "database_id", "body"), "body.database_id")
    source = call.data_source(member(body, "data_source_id", "body"), "body.data_source_id")
    if source.id not in database.data_sources:
        raise invalid(f"Data source {source.id} is not a child of database {database.id}.")
    kind = _kind(member(body, "type", "body"), "body.type")
    settings = {
        "name": string(member(body, "name", "body"), "body.name"),
        "type": kind,
        **{key: body.get(key) for key in _LOOKS},
        "configuration": _looks(call, kind, source) or {"type": kind},
    }
    ws = call.ws
    view = View(ws.ids.uuid(), database.id, source.id, settings, Edits.first(ws.clock(), ws.bot))
    ws.views[view.id] = view
    return view_object(view)


def listed(call: Call) -> Obj:
    """GET /v1/views: stubs only."""
    call.access.need(Capability.READ)
    given = {key: call.query[key][-1] for key in ("database_id", "data_source_id") if key in call.query}
    if not given:
        raise undefined("query.database_id")
    wanted = {key: given_id(value, f"query.{key}") for key, value in given.items()}
    found = [
        view
        for view in call.ws.views.values()
        if view.database == wanted.get("database_id", view.database)
        and view.data_source == wanted.get("data_source_id", view.data_source)
    ]
    stubs: list[Obj] = [{"object": "view", "id": view.id} for view in found]
    return list_object(stubs, "view")


def retrieve(call: Call) -> Obj:
    """GET /v1/views/{view_id}."""
    call.access.need(Capability.READ)
    return view_object(_view(call))


def update(call: Call) -> Obj:
    """PATCH /v1/views/{view_id}: its type stays."""
    call.access.need(Capability.UPDATE)
    view = _view(call)
    call.only_keys("name", *_LOOKS, "configuration")
    configuration = _looks(call, view.settings["type"], call.ws.data_sources[view.data_source])
    if "name" in call.body:
        string(call.body["name"], "body.name")
    view.settings = {**view.settings, **call.body}
    if configuration:
        view.settings["configuration"] = configuration
    view.edits.again(call.ws.clock(), call.ws.bot)
    return view_object(view)


def delete(call: Call) -> Obj:
    """DELETE /v1/views/{view_id}: final, and never the last one."""
    call.access.need(Capability.UPDATE)
    view = _view(call)
    if sum(other.database == view.database for other in call.ws.views.values()) == 1:
        raise invalid("The last view of a database cannot be deleted.")
    del call.ws.views[view.id]
    return view_stub(view)


def _view(call: Call) -> View:
    identity = given_id(call.ids[0], "path.view_id")
    view = call.ws.views.get(identity)
    if view is None:
        raise call.missing("view", identity)
    call.database(view.database, "path.view_id")
    return view


def _looks(call: Call, kind: str, source: DataSource) -> Obj | None:
    """Check how a view looks; return its configuration, None when none is given."""
    body = call.body
    check_filter(body.get("filter"), source, ws=call.ws)
    check_sorts(body.get("sorts"), source, ws=call.ws)
    if "configuration" in body:
        return check_configuration(body["configuration"], kind, source, ws=call.ws)
    if kind in _CONFIGURED and "type" in body:
        raise undefined("body.configuration")
    return None

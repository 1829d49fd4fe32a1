"""The controls of a running stand-in, under `/_emulator/`: for tests that see it only as a process."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from sync.notion.emulator.api.calls import Capability
from sync.notion.emulator.checks import Obj
from sync.notion.emulator.emulator import Emulator
from sync.notion.emulator.exchange import HttpResponse, json_body
from sync.notion.emulator.refusals import ApiError

ROOT = "/_emulator/"
_ACTIONS = frozenset((
    "edit_block", "add_block", "move_block", "delete_block", "restore_block", "comment", "set_property",
    "rename_property", "retype_property", "add_property", "delete_property", "trash_page", "restore_page",
    "move_page", "delete_page_forever", "duplicate_page", "add_page", "unshare", "share",
    "trash_database", "add_raw_block", "add_data_source",
))  # fmt: skip

Control: TypeAlias = Callable[[Emulator, Any], Any]


def control(emulator: Emulator, method: str, path: str, body: bytes) -> HttpResponse:
    """Answer one control request.

    GET journal, dump, ids, files/ID/NAME.
    POST faults (a list of entries), faults/clear, journal/clear, reset, settle, human/ACTION (its arguments),
    access (token, capabilities, out_of_blocks).
    """
    parts = path.removeprefix(ROOT).strip("/").split("/")
    if method == "GET" and parts[0] == "files" and len(parts) > 1:
        return _file(emulator, parts[1])
    try:
        given = json.loads(body) if body else {}
        if method == "POST" and parts[0] == "human" and parts[-1] in _ACTIONS:
            return _json(200, {"result": getattr(emulator.human, parts[-1])(**given)})
        found = _CONTROLS.get((method, "/".join(parts)))
        if found is None:
            return _json(404, {"error": f"no such control: {method} {path}"})
        return _json(200, found(emulator, given))
    except (ApiError, KeyError, TypeError, ValueError) as error:
        return _json(400, {"error": f"{type(error).__name__}: {error}"})


def _faults(emulator: Emulator, entries: list[Obj]) -> Obj:
    emulator.faults.script(entries)
    return {"added": len(entries)}


def _clear_faults(emulator: Emulator, _: object) -> Obj:
    emulator.faults.clear()
    return {}


def _journal(emulator: Emulator, _: object) -> Obj:
    return emulator.journal.as_json()


def _clear_journal(emulator: Emulator, _: object) -> Obj:
    emulator.journal.clear()
    return {}


def _dump(emulator: Emulator, _: object) -> list[Obj]:
    return emulator.dump()


def _ids(emulator: Emulator, _: object) -> Obj:
    ws = emulator.workspace
    return {
        "bot": ws.bot,
        "jen": ws.jen,
        "root": ws.root,
        "databases": {database.id: database.data_sources for database in ws.databases.values()},
    }


def _reset(emulator: Emulator, _: object) -> Obj:
    emulator.reset()
    return {}


def _settle(emulator: Emulator, _: object) -> Obj:
    emulator.settle_all()
    return {}


def _access(emulator: Emulator, given: Obj) -> Obj:
    access = emulator.access
    if unknown := set(given) - {"token", "capabilities", "out_of_blocks"}:
        raise ValueError(f"unknown keys: {sorted(unknown)}")
    access.token = given.get("token", access.token)
    access.out_of_blocks = bool(given.get("out_of_blocks", access.out_of_blocks))
    if "capabilities" in given:
        access.capabilities = {Capability(name) for name in given["capabilities"]}
    return {}


_CONTROLS: Mapping[tuple[str, str], Control] = {
    ("POST", "faults"): _faults,
    ("POST", "faults/clear"): _clear_faults,
    ("GET", "journal"): _journal,
    ("POST", "journal/clear"): _clear_journal,
    ("GET", "dump"): _dump,
    ("GET", "ids"): _ids,
    ("POST", "reset"): _reset,
    ("POST", "settle"): _settle,
    ("POST", "access"): _access,
}


def _file(emulator: Emulator, upload_id: str) -> HttpResponse:
    upload = emulator.workspace.uploads.get(upload_id)
    if upload is None or upload.content is None:
        return _json(404, {"error": "no such file"})
    # Never the type that was uploaded: a browser must not run what a log says.
    headers = {"content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff"}
    return HttpResponse(200, headers, upload.content)


def _json(status: int, value: object) -> HttpResponse:
    return HttpResponse(status, {"content-type": "application/json; charset=utf-8"}, json_body(value))

"""The endpoint of users: the connection's own, and Jen."""

from sync.notion.emulator.api.answers import CONNECTION
from sync.notion.emulator.api.calls import Call
from sync.notion.emulator.checks import Obj
from sync.notion.emulator.ids import given_id
from sync.notion.emulator.refusals import ApiError
from sync.notion.emulator.workspace import Workspace


def retrieve(call: Call) -> Obj:
    """GET /v1/users/{user_id}; `me` is the connection."""
    if call.ids[0] == "me":
        return bot_object(call.ws)
    identity = given_id(call.ids[0], "path.user_id")
    if identity == call.ws.bot:
        return bot_object(call.ws)
    if identity == call.ws.jen:
        return person_object(call.ws)
    raise ApiError(
        404,
        "object_not_found",
        f"Could not find user with ID: {identity}. Make sure your integration has capabilities to read user "
        "information. With those capabilities, only members and guests in the integration's workspace are "
        "visible.",
        {"integration_id": call.ws.bot},
    )


def bot_object(ws: Workspace) -> Obj:
    """Return the connection's own user."""
    return {
        "object": "user",
        "id": ws.bot,
        "name": CONNECTION,
        "avatar_url": None,
        "type": "bot",
        "bot": {
            "owner": {"type": "workspace", "workspace": True},
            "workspace_id": ws.id,
            "workspace_limits": {"max_file_upload_size_in_bytes": 5_368_709_120},
            "workspace_name": "Jen OS",
        },
    }


def person_object(ws: Workspace) -> Obj:
    """Return Jen, as a connection that may not read e-mail addresses sees her."""
    return {
        "object": "user",
        "id": ws.jen,
        "name": "Jen",
        "avatar_url": None,
        "type": "person",
        "person": {},
    }

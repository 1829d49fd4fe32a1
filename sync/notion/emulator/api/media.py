"""Files in blocks and columns: an address elsewhere, or an upload of the last hour."""

from datetime import datetime, timedelta
from posixpath import basename
from urllib.parse import urlsplit

from sync.notion.emulator.api.basic_answers import exact
from sync.notion.emulator.api.calls import Call
from sync.notion.emulator.checks import Obj, Validator, member, obj, string, url
from sync.notion.emulator.ids import given_id
from sync.notion.emulator.model import Upload
from sync.notion.emulator.refusals import invalid, undefined, unwanted
from sync.notion.emulator.rules.rich_text import rich_text

ATTACH_WITHIN = timedelta(hours=1)


def media_block(call: Call) -> Validator:
    """Return the check of a file's block: `{"file": {...}}`, whatever its type is named."""

    def check(value: object, path: str) -> Obj:
        body = obj(value, path)
        (kind,) = (key for key in body if key not in {"type", "object"})
        where = f"{path}.{kind}"
        named = kind == "file"
        keys = ("type", "external", "file_upload", "caption", *(("name",) if named else ()))
        content = obj(body[kind], where, allowed=keys)
        source, name = _source(call, content, where)
        caption = rich_text(content.get("caption", []), f"{where}.caption")
        title = {"name": string(content.get("name", name), f"{where}.name")} if named else {}
        return {kind: {"caption": caption, **source, **title}}

    return check


def media_item(call: Call) -> Validator:
    """Return the check of one item of a `files` column."""

    def check(value: object, path: str) -> Obj:
        body = obj(value, path, allowed=("type", "external", "file_upload", "name"))
        source, name = _source(call, body, path)
        return {"name": string(body.get("name", name), f"{path}.name", limit=100), **source}

    return check


def upload_status(upload: Upload, now: datetime) -> str:
    """Return `pending`, `uploaded`, or `expired`."""
    if now - upload.edits.made > ATTACH_WITHIN:
        return "expired"
    return "pending" if upload.content is None else "uploaded"


def _source(call: Call, content: Obj, path: str) -> tuple[Obj, str]:
    kinds = [key for key in ("external", "file_upload") if key in content]
    if len(kinds) != 1:
        raise (
            undefined(f"{path}.external") if not kinds else unwanted(f"{path}.external", content["external"])
        )
    if content.get("type", kinds[0]) != kinds[0]:
        raise unwanted(f"{path}.type", content["type"])
    where = f"{path}.{kinds[0]}"
    if kinds[0] == "external":
        external = obj(content["external"], where, allowed=("url",))
        address = url(member(external, "url", where), f"{where}.url")
        return {"type": "external", "external": {"url": address}}, basename(urlsplit(address).path)
    given = obj(content["file_upload"], where, allowed=("id",))
    upload = call.ws.uploads.get(given_id(member(given, "id", where), f"{where}.id"))
    if upload is None:
        raise call.missing("file_upload", str(given["id"]))
    now = call.ws.clock()
    if upload_status(upload, now) != "uploaded":
        raise invalid(
            f"File upload {upload.id} is {upload_status(upload, now)}; it must be uploaded to be attached."
        )
    name = upload.filename or "untitled"
    file = {
        "url": f"{call.base}/_emulator/files/{upload.id}/{name}",
        "expiry_time": exact(now + ATTACH_WITHIN),
    }
    return {"type": "file", "file": file}, name

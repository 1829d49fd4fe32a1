"""Endpoints of file uploads: create, then send in one part."""

from email.parser import BytesParser
from email.policy import HTTP

from sync.notion.emulator.api.answers import upload_object
from sync.notion.emulator.api.basic_answers import exact
from sync.notion.emulator.api.calls import Call, Capability
from sync.notion.emulator.api.media import ATTACH_WITHIN, upload_status
from sync.notion.emulator.checks import Obj, choice, string
from sync.notion.emulator.ids import given_id
from sync.notion.emulator.model import Edits, Upload
from sync.notion.emulator.refusals import ApiError, invalid, undefined

PART_LIMIT = 20 * 1024 * 1024

NAME_LIMIT = 900
"""Bytes of a file name."""

_TYPES = {
    "txt": "text/plain",
    "json": "application/json",
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "webp": "image/webp",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "mp4": "video/mp4",
}
"""The file types of Notion's guide that a log or a person is likely to use; a `.md` is none of them."""

_mode = choice("single_part")


def create(call: Call) -> Obj:
    """POST /v1/file_uploads."""
    call.access.need(Capability.INSERT)
    call.only_keys("mode", "filename", "content_type")
    _mode(call.body.get("mode", "single_part"), "body.mode")
    name = call.body.get("filename")
    kind = call.body.get("content_type")
    if "content_type" in call.body:
        string(kind, "body.content_type")
    if "filename" in call.body:
        _named(string(name, "body.filename"), kind)
    ws = call.ws
    upload = Upload(ws.ids.uuid(), name, kind, Edits.first(ws.clock(), ws.bot))
    ws.uploads[upload.id] = upload
    return _shown(call, upload)


def send(call: Call) -> Obj:
    """POST /v1/file_uploads/{file_upload_id}/send: multipart form data with the one part `file`."""
    call.access.need(Capability.INSERT)
    upload = _upload(call)
    if upload_status(upload, call.ws.clock()) != "pending":
        raise invalid(f"File upload {upload.id} is not pending.")
    name, kind, content = _part(call)
    if not content:
        raise invalid("The uploaded file is empty.")
    if len(content) > PART_LIMIT:
        raise ApiError(413, "validation_error", f"The part is over {PART_LIMIT} bytes.")
    if upload.content_type not in {None, kind}:
        raise invalid(f"The content type of the part should be {upload.content_type}, instead was {kind}.")
    _named(upload.filename or name or "", kind)
    upload.filename = upload.filename or name
    upload.content, upload.content_type = content, kind
    upload.edits.again(call.ws.clock(), call.ws.bot)
    return _shown(call, upload)


def retrieve(call: Call) -> Obj:
    """GET /v1/file_uploads/{file_upload_id}."""
    call.access.need(Capability.READ)
    return _shown(call, _upload(call))


def _upload(call: Call) -> Upload:
    identity = given_id(call.ids[0], "path.file_upload_id")
    upload = call.ws.uploads.get(identity)
    if upload is None:
        raise call.missing("file_upload", identity)
    return upload


def _named(name: str, kind: str | None) -> None:
    """Refuse a name that is too long, has no extension that Notion takes, or one of another type."""
    if len(name.encode()) > NAME_LIMIT:
        raise invalid(f"body failed validation: body.filename should be at most {NAME_LIMIT} bytes.")
    _, dot, extension = name.rpartition(".")
    if not dot:
        raise invalid("body failed validation: body.filename should have an extension.")
    of_name = _TYPES.get(extension.lower())
    if of_name is None:
        raise invalid(f"File extension .{extension} is not supported for the Notion API.")
    if kind not in {None, of_name}:
        raise invalid(f"Provided content type {kind} does not match the extension .{extension}.")


def _part(call: Call) -> tuple[str | None, str, bytes]:
    head = f"Content-Type: {call.content_type}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + call.raw)
    for part in message.iter_parts() if message.is_multipart() else ():
        if part.get_param("name", header="content-disposition") == "file":
            content = part.get_payload(decode=True)
            return (
                part.get_filename(),
                part.get_content_type(),
                content if isinstance(content, bytes) else b"",
            )
    raise undefined("body.file")


def _shown(call: Call, upload: Upload) -> Obj:
    status = upload_status(upload, call.ws.clock())
    expiry = exact(upload.edits.made + ATTACH_WITHIN)
    return upload_object(upload, status=status, expiry=expiry, base=call.base)

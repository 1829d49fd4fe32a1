"""Upload files; an upload is then attached to a page within an hour."""

from dataclasses import dataclass

from sync.errors import Ambiguous, Rejected, Transient
from sync.notion.answers import NotNotion, expect
from sync.notion.calls import Calls
from sync.notion.limiter import Lane
from sync.notion.model import Json
from sync.notion.request import File, Request, Target

_TYPE = "text/plain"
_ATTEMPTS = 3


@dataclass(eq=False)
class FileRefused(Rejected):
    """Notion, or the firewall in front of it, does not take this file."""


async def upload(calls: Calls, name: str, content: bytes, *, lane: Lane) -> str:
    """Upload a text file and return the id to attach it by.

    Notion throws away an upload that nobody attaches within the hour, so nothing needs to be remembered of
    one: after a lost answer the upload is simply begun anew.

    Args:
        calls: Sends the requests.
        name: What the file is called, ending in `.txt`.
        content: UTF-8.
        lane: Who waits.

    Raises:
        FileRefused: It is refused for what it holds, its size or its name.
    """
    begin = _request("file_uploads", body={"mode": "single_part", "filename": name, "content_type": _TYPE})
    for _ in range(_ATTEMPTS):
        try:
            upload_id = await calls.send(begin, _begun, lane=lane)
            await calls.send(_send(upload_id, File(name, content, _TYPE)), _sent, lane=lane)
        except Ambiguous as doubt:
            lost = doubt
        except Rejected as refusal:
            raise FileRefused(
                refusal.what, refusal.hint, status=refusal.status, by_firewall=refusal.by_firewall
            ) from refusal
        else:
            return upload_id
    raise Transient(lost.what, lost.hint) from lost


def _request(path: str, *, body: Json | None = None, file: File | None = None) -> Request:
    return Request(method="POST", path=path, target=Target.UPLOAD, writes=True, body=body, file=file)


def _send(upload_id: str, file: File) -> Request:
    return _request(f"file_uploads/{upload_id}/send", file=file)


def _begun(answer: Json) -> str:
    return str(expect(answer, "file_upload")["id"])


def _sent(answer: Json) -> str:
    if expect(answer, "file_upload")["status"] != "uploaded":
        raise NotNotion
    return str(answer["id"])

"""Judge answers with an error status: by status and code, and by text only where nothing else can tell."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from sync.errors import AccessLost, Ambiguous, Conflict, PageGone, Rejected, SyncError, Transient
from sync.names import BlockId, PageId
from sync.notion.identifiers import canonical
from sync.notion.request import Request, Target

ENDED = timedelta(seconds=2)
"""How long a write may still show up after Notion itself has answered that it failed."""

_ENDED_STATUSES = (500, 503)
OVERLOADED = (425, 429, 529)
_SETUP_CODES = ("missing_version", "invalid_request_url", "invalid_beta", "unauthorized")


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorAnswer:
    """An answer with an error status, as far as it can be relied on.

    Attributes:
        code: Notion's code; empty when the answer is not Notion's own.
        message: Notion's sentence; empty when the answer is not Notion's own.
        extra: `additional_data`.
        reached_notion: Notion itself has seen the request, not only the edge in front of it.
    """

    status: int
    code: str
    message: str
    extra: Mapping[str, Any]
    headers: Mapping[str, str] = field(repr=False)
    reached_notion: bool


def error_answer(status: int, *, body: str, headers: Mapping[str, str]) -> ErrorAnswer:
    """Read an answer with an error status; never fail, whatever it holds."""
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        parsed = None
    own = parsed if isinstance(parsed, dict) and isinstance(parsed.get("code"), str) else {}
    extra = own.get("additional_data")
    return ErrorAnswer(
        status=status,
        code=str(own.get("code") or ""),
        message=str(own.get("message") or ""),
        extra=extra if isinstance(extra, dict) else {},
        headers=headers,
        reached_notion=bool(own) or "x-notion-request-id" in headers,
    )


def judge(answer: ErrorAnswer, request: Request, *, settle: timedelta) -> SyncError:  # noqa: C901, PLR0911 - a case each
    """Return the error that an answer with an error status stands for."""
    if answer.status in OVERLOADED:
        return _overloaded(answer)
    match answer.status:
        case 401:
            return AccessLost(
                "Notion does not accept the token",
                "Make a new token in Notion and run: ai-traces setup. If the old one is in NOTION_TOKEN of "
                "the environment, put the new one there and start ai-traces again",
            )
        case 403:
            return _forbidden(answer, request)
        case 404:
            return _absent(answer, request)
        case 407:
            return AccessLost("The proxy wants a name and a password", "Put them into HTTPS_PROXY")
        case 409 if answer.code == "row_limit_exceeded":
            return AccessLost("The database holds as many rows as Notion allows", "Move old pages elsewhere")
        case 409:
            return Conflict("Somebody else changed the page at the same moment")
        case 413:
            return Rejected("The content is larger than one request to Notion may be", status=413)
        case 408:
            return in_doubt(request, "The connection was too slow to send the request", settle=settle)
        case status if status // 100 == 4:  # noqa: PLR2004 - the statuses that blame the request
            return _refused(answer, request)
        case _:
            return _broken(answer, request, settle=settle)


def in_doubt(request: Request, what: str, hint: str = "", *, settle: timedelta) -> SyncError:
    """Return the error for a failure after which nobody knows what Notion did; a read does no harm."""
    return Ambiguous(what, hint, settles_in=settle) if request.writes else Transient(what, hint)


def retry_after(answer: ErrorAnswer) -> timedelta | None:
    """Return how long Notion asks us to wait, in the header or the body; None when neither can be read."""
    for text in (answer.headers.get("retry-after"), answer.extra.get("retry_after")):
        seconds = _seconds(str(text or "").strip(), served_at=answer.headers.get("date", ""))
        if seconds is not None:
            return timedelta(seconds=seconds)
    return None


def says_trashed(message: str) -> bool:
    """Tell whether Notion refuses because the page or block is in the trash.

    Only its sentence says so: "Can't edit block that is archived." The sentences of failed
    validation quote what was sent, and so prove nothing.
    """
    return "failed validation" not in message and bool(_TRASHED.search(message))


def names_property(message: str) -> bool:
    """Tell whether Notion's message is about a property, so that our view of the schema may be old."""
    return bool(_PROPERTY.search(message))


_TRASHED = re.compile(r"\barchived\b|\bin (?:the )?trash\b|\bin_trash\b")
_PROPERTY = re.compile(r"\bpropert(?:y|ies)\b|\bis expected to be\b", re.IGNORECASE)
_LONGEST_WAIT = 86_400.0


def _seconds(text: str, *, served_at: str) -> float | None:
    if text.isascii() and text.isdigit():
        return min(float(text), _LONGEST_WAIT)
    try:
        # Both times are the server's, so a wrong clock here does no harm.
        wait = (parsedate_to_datetime(text) - parsedate_to_datetime(served_at)).total_seconds()
    except (ValueError, TypeError):
        return None
    return min(max(0.0, wait), _LONGEST_WAIT)


def _overloaded(answer: ErrorAnswer) -> SyncError:
    reason = answer.extra.get("rate_limit_reason")
    if reason == "public_api_request_blocked":
        return AccessLost(
            "Notion has blocked this connection for too many requests", "Write to Notion's support"
        )
    if answer.status == 429:  # noqa: PLR2004 - the status is its own name
        return Transient("Notion asks for fewer requests", retry_after=retry_after(answer))
    return Transient("Notion is overloaded", retry_after=retry_after(answer))


def _forbidden(answer: ErrorAnswer, request: Request) -> SyncError:
    if answer.extra.get("block_limit"):
        return AccessLost(
            "The Notion workspace has used all blocks of its free plan",
            "Upgrade the plan, or use a personal access token, which is exempt",
        )
    if answer.reached_notion and request.target is Target.UPLOAD:
        return _no_files(answer)
    if answer.reached_notion:
        return AccessLost(
            f"Notion forbids this to the connection{_quoted(answer)}",
            "Give the connection the capabilities to read, insert and update content",
        )
    if request.is_wordless:
        return AccessLost(
            "A firewall refuses this machine's requests to Notion", "Check the network, its proxy and VPN"
        )
    return Rejected(
        "The firewall in front of Notion refused the text",
        "It looks like an attack to the firewall; reword the commands in it",
        status=403,
        by_firewall=True,
    )


def _absent(answer: ErrorAnswer, request: Request) -> SyncError:
    if not answer.reached_notion and request.target is not Target.UPLOAD:
        return AccessLost("Something other than Notion answers", "Check NOTION_BASE_URL and the proxy")
    match request.target:
        case Target.PAGE:
            return PageGone("The page or block is not in Notion, or no longer shared with the connection")
        case Target.DATABASE:
            return AccessLost(
                "The database is not in Notion, or not shared with the connection",
                "Open it in Notion and add the connection under ••• → Connections; check NOTION_DATABASE_ID",
                may_be_unshared=True,
            )
        case Target.UPLOAD:
            return _no_files(answer)
        case Target.ACCOUNT:
            return AccessLost(
                "Notion does not show the connection its own account", "Make a new token in Notion"
            )


def _no_files(answer: ErrorAnswer) -> Rejected:
    return Rejected(f"Notion takes no file from the connection{_quoted(answer)}", status=answer.status)


def _refused(answer: ErrorAnswer, request: Request) -> SyncError:
    if request.target is Target.UPLOAD and answer.code != "missing_version":
        return _no_files(answer)
    if answer.code in _SETUP_CODES:
        return AccessLost(
            f"Notion no longer understands this version of ai-traces{_quoted(answer)}",
            "Upgrade ai-traces; check NOTION_BASE_URL",
        )
    if says_trashed(answer.message):
        if request.target is Target.PAGE:
            return PageGone("The page or block is in Notion's trash")
        return AccessLost("The database is in Notion's trash", "Restore AI Traces from the trash in Notion")
    return Rejected(
        f"Notion refused the content{_quoted(answer)}",
        "" if answer.reached_notion else "The answer is not Notion's own: check the network's proxy",
        status=answer.status,
    )


def _broken(answer: ErrorAnswer, request: Request, *, settle: timedelta) -> SyncError:
    what = f"Notion failed to answer (status {answer.status}){_quoted(answer)}"
    if not request.writes:
        return Transient(what, retry_after=retry_after(answer))
    resource = answer.extra.get("committed_resource_id")
    blocks = _ids(answer.extra.get("committed_child_ids"))
    is_named = isinstance(resource, str) and bool(resource)
    page = PageId(canonical(str(resource))) if request.creates_page and is_named else None
    if page is not None or blocks:
        return Ambiguous(what, settles_in=timedelta(0), committed_page=page, committed_blocks=blocks)
    ended = bool(answer.code) and answer.status in _ENDED_STATUSES
    return Ambiguous(what, settles_in=min(ENDED, settle) if ended else settle)


def _ids(value: object) -> tuple[BlockId, ...]:
    """Read a list of ids; Notion's additional data come as a string or an array of strings."""
    items = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(BlockId(canonical(item.strip())) for item in items if isinstance(item, str) and item.strip())


def _quoted(answer: ErrorAnswer) -> str:
    return f": {answer.message.rstrip('. ')}" if answer.message else ""

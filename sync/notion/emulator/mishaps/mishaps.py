"""What a fault does to a request: which part is applied, and what the client sees."""

import json
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sync.notion.emulator.api.answers import CONNECTION
from sync.notion.emulator.checks import Obj
from sync.notion.emulator.exchange import Cut, Delivery, HttpRequest, HttpResponse, json_body
from sync.notion.emulator.mishaps import edge
from sync.notion.emulator.mishaps.faults import Fault, FaultKind
from sync.notion.emulator.refusals import ApiError, not_found, restricted

_SAVED = (
    "The change was saved, but the response could not be built in time. "
    "Read the object again instead of repeating the write."
)
_GUIDANCE = ["Read the object again to confirm the saved change.", "Do not repeat the write."]

# Each of the tables says of a fault whether the request is applied before it fails.
_CUTS: Final[Mapping[FaultKind, tuple[Cut, bool]]] = {
    FaultKind.REFUSE: (Cut.REFUSED, False),
    FaultKind.RESET_BEFORE: (Cut.RESET, False),
    FaultKind.RESET_AFTER: (Cut.RESET, True),
    FaultKind.HANG: (Cut.HANG, False),
    FaultKind.HANG_AFTER: (Cut.HANG, True),
}
_ERRORS: Final[Mapping[FaultKind, bool]] = {
    FaultKind.RATE_LIMITED: False,
    FaultKind.CONFLICT: False,
    FaultKind.OVERLOAD: False,
    FaultKind.ACCESS: False,
    FaultKind.ERROR_BEFORE: False,
    FaultKind.ERROR_AFTER: True,
    FaultKind.UNAVAILABLE: False,
    FaultKind.UNAVAILABLE_AFTER: True,
    FaultKind.TIMEOUT_BEFORE: False,
    FaultKind.TIMEOUT_AFTER: True,
}
_EDGE_PAGES: Final[Mapping[FaultKind, tuple[int, str, bool]]] = {
    FaultKind.BAD_GATEWAY: (502, "502 Bad Gateway", False),
    FaultKind.BAD_GATEWAY_AFTER: (502, "502 Bad Gateway", True),
    FaultKind.HTML_200: (200, "Sign in to use this network", False),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """What a fault has at hand.

    Attributes:
        answer: Applies a request now, if it is a good one.
        refuse: Makes an error body without applying anything.
        defer: Applies a request so many seconds later.
    """

    answer: Callable[[HttpRequest], HttpResponse]
    refuse: Callable[[ApiError], HttpResponse]
    defer: Callable[[HttpRequest, float], None]


def suffer(fault: Fault, request: HttpRequest, stage: Stage) -> tuple[Delivery, bool]:
    """Let a fault befall a request; return what the client sees and whether the request was applied."""
    if fault.kind in _CUTS:
        cut, applies = _CUTS[fault.kind]
        outcome = Delivery(None, cut)
    elif fault.kind in _ERRORS:
        applies = _ERRORS[fault.kind]
        outcome = Delivery(stage.refuse(refusal_of(fault, request)))
    elif fault.kind in _EDGE_PAGES:
        status, title, applies = _EDGE_PAGES[fault.kind]
        outcome = Delivery(edge.html(status, title, "cloudflare"))
    else:
        return _answered(fault, request, stage)
    return outcome, applies and _is_good(stage.answer(request))


def _answered(fault: Fault, request: HttpRequest, stage: Stage) -> tuple[Delivery, bool]:
    """Play the faults in which the answer itself, or a part of the request, matters."""
    if fault.kind is FaultKind.LATE_COMMIT:
        stage.defer(request, fault.seconds)
        return Delivery(None, Cut.RESET), False
    if fault.kind is FaultKind.PARTIAL:
        return Delivery(None, Cut.RESET), _is_good(stage.answer(_beheaded(request, fault.blocks)))
    if fault.kind is FaultKind.SIGNAL:
        return _signalled(fault, request, stage)
    whole = stage.answer(request)
    return _spoiled(fault, request, whole, stage=stage), _is_good(whole)


def _spoiled(fault: Fault, request: HttpRequest, whole: HttpResponse, *, stage: Stage) -> Delivery:
    if fault.kind is FaultKind.TRUNCATED_BODY:
        return Delivery(whole, Cut.TRUNCATED)
    if fault.kind is FaultKind.HALF_JSON:
        return Delivery(replace(whole, body=whole.body[: len(whole.body) // 2]))
    if fault.kind is FaultKind.DELAY:
        return Delivery(whole, delay=fault.seconds)
    if not _is_good(whole):
        return Delivery(whole)
    ids = _committed(request, whole) if fault.kind is FaultKind.UNAVAILABLE_SAVED else {}
    return Delivery(stage.refuse(_saved(ids)))


def refusal_of(fault: Fault, request: HttpRequest) -> ApiError:  # noqa: PLR0911  # one return for each status
    """Return the error body of a fault that has one."""
    match fault.kind:
        case FaultKind.RATE_LIMITED:
            return rate_limited(round(fault.seconds), fault.reason)
        case FaultKind.OVERLOAD:
            wait = round(fault.seconds)
            return ApiError(
                529, "service_overload", "Notion is overloaded. Please try again later.",
                {"retry_after": str(wait)}, wait,
            )  # fmt: skip
        case FaultKind.CONFLICT:
            return conflict()
        case FaultKind.ACCESS:
            return _no_access(fault.status, request)
        case FaultKind.UNAVAILABLE | FaultKind.UNAVAILABLE_AFTER:
            return ApiError(503, "service_unavailable", "Notion is unavailable. Please try again later.")
        case FaultKind.TIMEOUT_BEFORE | FaultKind.TIMEOUT_AFTER:
            return ApiError(504, "gateway_timeout", "Notion did not answer in time.")
        case _:
            return ApiError(500, "internal_server_error", "Unexpected error occurred.")


def rate_limited(retry_after: int, reason: str) -> ApiError:
    """Refuse a request over the limit."""
    return ApiError(
        429,
        "rate_limited",
        "You have been rate limited. Please try again in a few minutes.",
        {"rate_limit_reason": reason, "retry_after": str(retry_after)},
        retry_after,
    )


def conflict() -> ApiError:
    """Refuse a write that meets another."""
    return ApiError(409, "conflict_error", "Conflict occurred while saving. Please try again.")


def _no_access(status: int, request: HttpRequest) -> ApiError:
    if status == 401:  # noqa: PLR2004  # the name of a status is its number
        return ApiError(401, "unauthorized", "API token is invalid.")
    if status == 403:  # noqa: PLR2004  # same
        return restricted()
    identity = next((part for part in request.path.split("/") if "-" in part), request.path)
    return not_found("object", identity, connection=CONNECTION, connection_id=identity)


def _signalled(fault: Fault, request: HttpRequest, stage: Stage) -> tuple[Delivery, bool]:
    """Signal the client. One that is killed gets no answer; any other signal lets the request go on."""
    whole = stage.answer(request) if fault.when == "after" else None
    pid = fault.pid if fault.pid_file is None else int(Path(fault.pid_file).read_text(encoding="ascii"))
    if pid is None:
        raise ValueError("a fault of kind signal needs pid or pid_file")
    os.kill(pid, signal.Signals[f"SIG{fault.signal}"])
    if fault.signal == "KILL":
        return Delivery(None, Cut.RESET), whole is not None and _is_good(whole)
    whole = whole or stage.answer(request)
    return Delivery(whole), _is_good(whole)


def _is_good(response: HttpResponse) -> bool:
    return response.status < 300  # noqa: PLR2004  # 2xx


def _saved(ids: Obj) -> ApiError:
    details: Obj = {
        "from": "publicApi.pageObjectPointerToPageObject.beforePreload",
        "elapsed_ms": "55012",
        "deadline_ms": "55000",
        "retry_guidance": _GUIDANCE,
        **ids,
    }
    return ApiError(503, "service_unavailable", _SAVED, details)


def _committed(request: HttpRequest, response: HttpResponse) -> Obj:
    """Return the ids that Notion gives: of what was created, or of the parent and its new children."""
    if request.method == "PATCH" and request.path.endswith("/children"):
        made = len(json.loads(request.body)["children"])
        results = response.json()["results"][:made]
        return {
            "committed_resource_id": request.path.split("/")[-2],
            "committed_child_ids": [block["id"] for block in results],
        }
    resource = response.json().get("id") if request.method == "POST" else None  # a query makes nothing
    return {} if resource is None else {"committed_resource_id": resource}


def _beheaded(request: HttpRequest, blocks: int) -> HttpRequest:
    body = json.loads(request.body) if request.body else {}
    if "children" in body:
        body["children"] = body["children"][:blocks]
    return replace(request, body=json_body(body))

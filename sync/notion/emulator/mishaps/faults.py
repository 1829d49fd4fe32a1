"""What goes wrong, on request: a script of faults, matched against the requests in order."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from sync.notion.emulator.exchange import HttpRequest


class FaultKind(StrEnum):
    """How a request fails. Before: nothing is applied; after, saved: it is applied and its answer is lost."""

    REFUSE = "refuse"
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    HANG = "hang"
    HANG_AFTER = "hang_after"
    LATE_COMMIT = "late_commit"
    PARTIAL = "partial"
    RATE_LIMITED = "429"
    CONFLICT = "409"
    ERROR_BEFORE = "500_before"
    ERROR_AFTER = "500_after"
    BAD_GATEWAY = "502_html"
    BAD_GATEWAY_AFTER = "502_html_after"
    UNAVAILABLE = "503"
    UNAVAILABLE_AFTER = "503_after"
    UNAVAILABLE_SAVED = "503_saved"
    UNAVAILABLE_SAVED_NO_IDS = "503_saved_no_ids"
    TIMEOUT_BEFORE = "504_before"
    TIMEOUT_AFTER = "504_after"
    OVERLOAD = "529"
    TRUNCATED_BODY = "truncated_body"
    HALF_JSON = "half_json"
    HTML_200 = "html_200"
    DELAY = "delay"
    ACCESS = "access"
    SIGNAL = "signal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One entry of the script.

    Attributes:
        method: Only requests of this method; every method when None.
        path: Only requests whose path this regular expression finds something in.
        body: Only requests whose body this regular expression finds something in.
        nth: The first matching request that fails, counted from 1 since the entry was added.
        count: How many matching requests in a row fail; 0 for all from there on.
        seconds: For `delay` and `late_commit`: how long. For `429` and `529`: Retry-After.
        status: For `access`: 401, 403 or 404.
        blocks: For `partial`: how many of the first-level children are made before the connection breaks.
        pid: For `signal`: the process that gets it.
        pid_file: For `signal`: a file with that process id, read when the fault strikes.
        when: For `signal`: `before` or `after` the request is applied.
        signal: For `signal`: its name without SIG.
        reason: For `429`: `rate_limit_reason`.
    """

    kind: FaultKind
    method: str | None = None
    path: str = ""
    body: str = ""
    nth: int = 1
    count: int = 1
    seconds: float = 1.0
    status: int = 401
    blocks: int = 0
    pid: int | None = None
    pid_file: str | None = None
    when: str = "before"
    signal: str = "KILL"
    reason: str = "public_api_request_rate_limit"

    def matches(self, request: HttpRequest) -> bool:
        """Tell whether this entry is about a request."""
        return (
            (self.method is None or self.method == request.method)
            and re.search(self.path, request.path) is not None
            and (not self.body or re.search(self.body, request.body.decode(errors="replace")) is not None)
        )


def fault_from(entry: Mapping[str, Any]) -> Fault:
    """Read one entry of a script; `kind` is the text of a FaultKind.

    Raises:
        ValueError: The entry has an unknown key or kind.
    """
    known = {field.name for field in fields(Fault)}
    if unknown := set(entry) - known:
        raise ValueError(f"unknown keys of a fault: {sorted(unknown)}")
    return Fault(**{**entry, "kind": FaultKind(str(entry.get("kind")))})


class Faults:
    """The script, and how far each entry has come."""

    def __init__(self) -> None:
        self._entries: list[tuple[Fault, list[int]]] = []

    def add(self, *faults: Fault) -> None:
        """Add entries at the end of the script."""
        self._entries.extend((fault, [0]) for fault in faults)

    def script(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Add entries as they come in JSON."""
        self.add(*[fault_from(entry) for entry in entries])

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self._entries.clear()

    def strike(self, request: HttpRequest) -> Fault | None:
        """Return what befalls a request: the first entry that is due. Each entry that matches counts it."""
        struck: Fault | None = None
        for fault, seen in self._entries:
            if not fault.matches(request):
                continue
            seen[0] += 1
            due = seen[0] >= fault.nth and (fault.count == 0 or seen[0] < fault.nth + fault.count)
            if due and struck is None:
                struck = fault
        return struck

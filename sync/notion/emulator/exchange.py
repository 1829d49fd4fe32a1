"""What goes over the wire: a request, and what becomes of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as it arrives; header names are in lower case, `query` is not decoded yet."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An answer, from Notion itself or from the edge in front of it."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401  # whatever the answer says
        """Return the body, parsed."""
        return json.loads(self.body)


class Cut(StrEnum):
    """How a connection ends without a whole answer."""

    REFUSED = "refused"
    RESET = "reset"
    HANG = "hang"
    TRUNCATED = "truncated"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the client sees.

    Attributes:
        response: The answer; None when there is none.
        cut: How the connection breaks; TRUNCATED breaks within the response's body, the others before it.
        delay: Seconds until the client sees it.
    """

    response: HttpResponse | None
    cut: Cut | None = None
    delay: float = 0.0


def json_body(value: object) -> bytes:
    """Write JSON as Notion does: compact, Unicode as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")

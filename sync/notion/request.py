"""A request as a value: what is sent, and what must be known of it to judge its failure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Target(Enum):
    """What a request is addressed to: it decides what "not found" means."""

    PAGE = "page"
    DATABASE = "database"
    ACCOUNT = "account"
    UPLOAD = "upload"


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is uploaded."""

    name: str
    content: bytes = field(repr=False)
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request to Notion.

    Attributes:
        path: Below `/v1/`.
        target: What it is addressed to; for a new page, the database.
        writes: It may change something, so that a lost answer leaves a doubt.
        sending: Called with the turn in hand, directly before the request leaves, each time it does.
        creates_page: If its failure names a committed resource, that is the new page.
        file: Sent as a form instead of a body.
    """

    method: str
    path: str
    target: Target
    writes: bool
    creates_page: bool = False
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    file: File | None = None
    query: Mapping[str, Any] | None = None
    sending: Callable[[], None] | None = field(default=None, repr=False, compare=False)

    @property
    def is_wordless(self) -> bool:
        """Tell whether it contains no text: a firewall that refuses it refuses whoever sends it."""
        if self.file is not None:
            return False
        return self.body is None or {type(value) for value in self.body.values()} == {bool}


def read(path: str, target: Target, *, query: Mapping[str, Any] | None = None) -> Request:
    """Ask for an object or a list."""
    return Request(method="GET", path=path, target=target, writes=False, query=query)


def change(
    method: str,
    path: str,
    target: Target,
    *,
    body: Mapping[str, Any] | None,
    sending: Callable[[], None] | None = None,
) -> Request:
    """Change what exists, or add to it."""
    return Request(method=method, path=path, target=target, writes=True, body=body, sending=sending)

"""How Notion says no: its error bodies and its words."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

MISSING: Final = object()
"""Stands for a key that a request does not have."""

_SHOWN = 160


@dataclass(eq=False)
class ApiError(Exception):
    """A request that Notion refuses, with nothing of it applied.

    Attributes:
        additional: The object `additional_data`; empty when the answer has none.
        retry_after: Seconds for the header Retry-After, where there is one.
    """

    status: int
    code: str
    message: str
    additional: Mapping[str, Any] = field(default_factory=dict)
    retry_after: int | None = None

    def __str__(self) -> str:
        return f"{self.status} {self.code}: {self.message}"


def invalid(message: str) -> ApiError:
    """Refuse a request for what it says."""
    return ApiError(400, "validation_error", message)


def expected(path: str, must: str, value: object) -> ApiError:
    """Refuse the value at `path`, which should be `must`."""
    part = path.partition(".")[0].partition("[")[0]
    return invalid(f"{part} failed validation: {path} should be {must}, instead was {_shown(value)}.")


def undefined(path: str) -> ApiError:
    """Refuse the lack of a value at `path`."""
    return expected(path, "defined", MISSING)


def unwanted(path: str, value: object) -> ApiError:
    """Refuse a value at `path` that has no place there."""
    return expected(path, "not present", value)


def too_long(path: str, limit: int, length: int) -> ApiError:
    """Refuse a text or an array of more than `limit`."""
    return expected(f"{path}.length", f"≤ `{limit}`", length)


def one_of(path: str, allowed: Iterable[str], value: object) -> ApiError:
    """Refuse a value outside a closed list."""
    return expected(path, " or ".join(f'`"{name}"`' for name in allowed), value)


def archived() -> ApiError:
    """Refuse to change what lies in the trash."""
    return invalid("Can't edit block that is archived. You must unarchive the block before editing.")


def unknown_property(key: str) -> ApiError:
    """Refuse a write to a property that the data source does not have."""
    return invalid(f"{key} is not a property that exists.")


def wrong_type(key: str, kind: str) -> ApiError:
    """Refuse a value of another type than the property's."""
    return invalid(f"{key} is expected to be {kind}.")


def not_found(what: str, identity: str, *, connection: str, connection_id: str) -> ApiError:
    """Refuse to know an object that is absent or not shared; Notion does not tell which."""
    return ApiError(
        404,
        "object_not_found",
        f"Could not find {what} with ID: {identity}. Make sure the relevant pages and databases are shared "
        f'with your integration "{connection}".',
        {"integration_id": connection_id},
    )


def restricted() -> ApiError:
    """Refuse what the connection has no capability for."""
    return ApiError(403, "restricted_resource", "Insufficient permissions for this endpoint.")


def out_of_blocks() -> ApiError:
    """Refuse a block beyond what a free workspace of several members may ever have."""
    return ApiError(
        403,
        "restricted_resource",
        "This workspace has used all of its free blocks. Upgrade its plan in Notion to create more content. "
        "Learn more: https://www.notion.com/help/understanding-block-usage",
        {"block_limit": "block_creation"},
    )


def _shown(value: object) -> str:
    if value is MISSING:
        return "`undefined`"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return f"`{text}`" if len(text) <= _SHOWN else f"`{text[:_SHOWN]}…`"

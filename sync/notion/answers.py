"""Reading Notion's answers: what is no Notion object is said to be none, and never believed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sync.errors import AccessLost
from sync.names import BlockId, PageId, UserId
from sync.notion.identifiers import canonical
from sync.notion.model import Author, CreatedPage, Json, ListedBlock, PageRow
from sync.notion.schema import Schema
from sync.page.wire import decode_block
from sync.page.words import cells, ticked, with_target

T = TypeVar("T")

_PARTIAL = frozenset(("object", "id", "request_id"))
"""All that Notion tells of what a connection may not read."""


class NotNotion(Exception):
    """An answer with status 200 that Notion did not write, or not wholly."""


def understood(answer: object, reading: Callable[[Json], T]) -> T:
    """Apply a reading to an answer, or raise `NotNotion`."""
    if not isinstance(answer, Mapping):
        raise NotNotion
    try:
        return reading(answer)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise NotNotion from error


def expect(answer: Json, kind: str) -> Json:
    """Return the answer when it is a Notion object of a kind; where the kind has an id, in canonical form."""
    identity = answer.get("id")
    if answer.get("object") == kind == "list":
        return answer
    if answer.get("object") != kind or not isinstance(identity, str):
        raise NotNotion
    return {**answer, "id": canonical(identity)}


def expect_readable(answer: Json, kind: str) -> Json:
    """Return the answer when it is an object of a kind that the connection may read.

    Of one that it may not read Notion tells the id alone.
    """
    told = expect(answer, kind)
    if told.keys() <= _PARTIAL:
        raise AccessLost(
            f"Notion tells the connection that there is a {kind}, and no more of it",
            "Give the connection the capabilities to read, insert and update content",
        )
    return told


def read_created_page(answer: Json) -> CreatedPage:
    """Read the answer to a create."""
    page = expect(answer, "page")
    return CreatedPage(page_id=PageId(page["id"]), url=_address(page))


def read_row(answer: Json, schema: Schema, *, source: str | None = None) -> PageRow:
    """Read a page object.

    Args:
        answer: The object.
        schema: Binds its properties.
        source: The data source whose row it should be; None: it came from there.
    """
    page = expect(answer, "page")
    held = schema.read(page.get("properties") or {})
    return PageRow(
        page_id=PageId(page["id"]),
        key=held.key,
        content_hash=held.content_hash,
        title=held.title,
        created_time=read_moment(page["created_time"]),
        last_edited_time=read_moment(page["last_edited_time"]),
        created_by=_user(page.get("created_by")),
        last_edited_by=_user(page.get("last_edited_by")),
        in_trash=bool(page.get("in_trash")),
        url=_address(page),
        patterns=held.patterns,
        warnings=held.warnings,
        is_elsewhere=source is not None and _is_elsewhere(page, source),
    )


def read_block(answer: Json) -> ListedBlock:
    """Read a block object."""
    block = expect(answer, "block")
    return ListedBlock(
        block_id=BlockId(block["id"]),
        block=decode_block(block),
        kind=block["type"],
        words=_words(block),
        has_caption=bool((block.get(block["type"]) or {}).get("caption")),
        has_children=bool(block["has_children"]),
        in_trash=bool(block.get("in_trash")),
        created_by=_user(block.get("created_by")),
        last_edited_by=_user(block.get("last_edited_by")),
        last_edited_time=read_moment(block["last_edited_time"]),
    )


def _words(block: Json) -> str:
    """Read what any block says, whatever it holds."""
    content = block.get(block["type"]) or {}
    if "cells" in content:
        return cells(_said(cell) for cell in content["cells"])
    text = _said(content.get("rich_text") or ()) or str(content.get("expression") or content.get("url") or "")
    return ticked(text, checked=content.get("checked") is True) if block["type"] == "to_do" else text


def _said(rich_text: Sequence[Json]) -> str:
    return "".join(with_target(item.get("plain_text") or "", item.get("href")) for item in rich_text)


def read_author(answer: Json) -> Author:
    """Read whom our edits are signed by."""
    user = expect(answer, "user")
    owner = (user.get("bot") or {}).get("owner") or {}
    return Author(
        user_id=_user(user),
        owner_id=_user(owner.get("user")) if owner.get("type") == "user" else UserId(""),
        is_person=user.get("type") == "person",
    )


def is_below(parent: str, block: Json) -> bool:
    """Tell whether a page or block object stands directly below a page, block or data source."""
    return any(_bare(held) == _bare(parent) for held in block["parent"].values() if isinstance(held, str))


def _is_elsewhere(page: Json, source: str) -> bool:
    """Tell whether a page object stands outside a data source; one that does not say where, does not."""
    parent = page.get("parent") or {}
    return parent.get("type", "database_id") != "database_id" and not is_below(source, page)


def read_items(answer: Json) -> tuple[Json, ...]:
    """Read the items of a list."""
    items = expect(answer, "list")["results"]
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        raise NotNotion
    return tuple(items)


def read_cursor(answer: Json) -> str | None:
    """Read where a list goes on; None at its end."""
    if not answer.get("has_more"):
        return None
    cursor = answer.get("next_cursor")
    if not isinstance(cursor, str):
        raise NotNotion  # taken for the end, it would hide what is there
    return cursor


def plain_text(rich_text: Sequence[Json] | None) -> str:
    """Read what a title or another text says, without its looks."""
    return "".join(item.get("plain_text") or "" for item in rich_text or ())


def read_moment(text: str) -> datetime:
    """Read a time of Notion's; always aware."""
    parsed = datetime.fromisoformat(text)
    if parsed.tzinfo is None:
        raise NotNotion
    return parsed


def _address(page: Json) -> str:
    """Return where a person opens a page, without the title that Notion puts before the id."""
    url = page.get("url") or ""
    place, _, name = url.rpartition("/")
    return f"{place}/{_bare(page['id'])}" if name.endswith(_bare(page["id"])) else url


def _bare(identity: str) -> str:
    return identity.replace("-", "").lower()


def _user(value: Any) -> UserId:  # noqa: ANN401 - JSON, judged here
    return UserId(canonical(value.get("id") or "")) if isinstance(value, Mapping) else UserId("")

"""What the gateway tells of Notion: frozen values, read out of its answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sync.names import BlockId, Key, PageId, Property, UserId
from sync.page.blocks import Block

Json: TypeAlias = Mapping[str, Any]
"""A JSON object as it travels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRow:
    """A row of the database, without its body.

    Attributes:
        key: The value of the key property; None when it is empty or was not asked for.
        content_hash: The value of the hash property; empty when there is none.
        patterns: What the property for links to hand-offs says; empty too where it is no text.
        warnings: What the property for format warnings says, secrets that were taken out among them.
        is_elsewhere: Whether it was moved out of the database; known only where it was asked for by its id.
        created_time: Rounded down to the minute by Notion.
        last_edited_time: Rounded down to the minute by Notion.
        created_by: Empty when the connection may not see it.
        last_edited_by: Empty when the connection may not see it.
    """

    page_id: PageId
    key: Key | None
    content_hash: str
    title: str
    created_time: datetime
    last_edited_time: datetime
    created_by: UserId
    last_edited_by: UserId
    in_trash: bool
    url: str
    patterns: str = ""
    warnings: str = ""
    is_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class ExaminedPage:
    """A page as it is, beside what it should be.

    Attributes:
        strays: What our properties say where it is not what they should say.
    """

    row: PageRow
    strays: Mapping[Property, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedBlock:
    """A block as it stands on a page, without its children.

    Attributes:
        block: Our value of it; None for what we never write.
        kind: Notion's name of the type.
        words: What it says.
        has_caption: Something stands in smaller type below it.
        in_trash: It lies in the trash; what is listed does not.
    """

    block_id: BlockId
    block: Block | None
    kind: str
    words: str
    has_caption: bool
    has_children: bool
    in_trash: bool
    created_by: UserId
    last_edited_by: UserId
    last_edited_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedPage:
    """A page that Notion has just made.

    Attributes:
        url: Where a person opens it; empty when Notion does not tell the connection.
    """

    page_id: PageId
    url: str


@dataclass(frozen=True, slots=True)
class Author:
    """Whom our writes are signed by.

    Attributes:
        owner_id: The person whose token it is; empty when the connection is nobody's own.
        is_person: The token acts for a person, so that her own edits bear the same name.
    """

    user_id: UserId
    owner_id: UserId
    is_person: bool

"""What a workspace holds. Content is kept as it reads back, so that an answer is a matter of copying."""

from dataclasses import dataclass, field
from datetime import datetime

from sync.notion.emulator.checks import Obj


@dataclass(slots=True)
class Edits:
    """Who made a thing and changed it last, and when."""

    made: datetime
    made_by: str
    changed: datetime
    changed_by: str

    @classmethod
    def first(cls, now: datetime, user: str) -> "Edits":
        """Return the edits of a thing that is being made."""
        return cls(now, user, now, user)

    def again(self, now: datetime, user: str) -> None:
        """Record a change."""
        self.changed, self.changed_by = now, user


@dataclass(slots=True)
class StoredBlock:
    """A block; `parent` is a page or a block, `page` the page at the top."""

    id: str
    parent: str
    page: str
    kind: str
    content: Obj
    edits: Edits
    children: list[str] = field(default_factory=list)
    in_trash: bool = False


@dataclass(slots=True)
class Page:
    """A page; `data_source` is None for one that is no row. `values` is by property id."""

    id: str
    data_source: str | None
    parent: str | None
    values: Obj
    edits: Edits
    icon: Obj | None = None
    children: list[str] = field(default_factory=list)
    in_trash: bool = False
    is_archived: bool = False
    is_locked: bool = False


@dataclass(slots=True)
class PropertyDef:
    """A column: `config` is the object under its type."""

    id: str
    name: str
    kind: str
    config: Obj
    description: str | None = None


@dataclass(slots=True)
class DataSource:
    """A table: its columns in order, and all pages that ever were in it."""

    id: str
    database: str
    title: list[Obj]
    properties: list[PropertyDef]
    edits: Edits
    rows: list[str] = field(default_factory=list)
    icon: Obj | None = None
    in_trash: bool = False

    def named(self, key: str) -> PropertyDef | None:
        """Return the column of this name."""
        return next((column for column in self.properties if column.name == key), None)


@dataclass(slots=True)
class Database:
    """A container of data sources."""

    id: str
    title: list[Obj]
    parent: str
    data_sources: list[str]
    edits: Edits
    icon: Obj | None = None
    in_trash: bool = False
    is_shared: bool = True


@dataclass(slots=True)
class Comment:
    """One remark of a discussion; `parent` is a page or a block."""

    id: str
    parent: str
    discussion: str
    text: list[Obj]
    edits: Edits
    author: str


@dataclass(slots=True)
class View:
    """A way to look at a data source."""

    id: str
    database: str
    data_source: str
    settings: Obj
    edits: Edits


@dataclass(slots=True)
class Upload:
    """A file on its way into a page."""

    id: str
    filename: str | None
    content_type: str | None
    edits: Edits
    content: bytes | None = None

"""The workspace: everything that exists, and the changes that keep it whole.

Nothing here judges a request; what arrives is already valid.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from sync.notion.emulator.checks import Obj
from sync.notion.emulator.ids import IdSource, same_property
from sync.notion.emulator.model import (
    Comment,
    Database,
    DataSource,
    Edits,
    Page,
    PropertyDef,
    StoredBlock,
    Upload,
    View,
)
from sync.notion.emulator.rules.blocks import NewBlock
from sync.notion.emulator.rules.properties import find_option


class Workspace:
    """Holds one workspace. Every change says who makes it.

    Attributes:
        bot: The user id of the connection.
        jen: The user id of the person.
        root: The page under which databases are made.
        index_lag: Seconds until a query finds a new row; recordings show none, no promise excludes one.
    """

    def __init__(self, *, clock: Callable[[], datetime], ids: IdSource) -> None:
        self.clock = clock
        self.ids = ids
        self.id = ids.uuid()
        self.bot = ids.uuid()
        self.jen = ids.uuid()
        self.databases: dict[str, Database] = {}
        self.data_sources: dict[str, DataSource] = {}
        self.pages: dict[str, Page] = {}
        self.blocks: dict[str, StoredBlock] = {}
        self.comments: dict[str, Comment] = {}
        self.views: dict[str, View] = {}
        self.uploads: dict[str, Upload] = {}
        self.index_lag = 0.0
        root = Page(ids.uuid(), None, None, {"title": []}, Edits.first(clock(), self.jen))
        self.root = root.id
        self.pages[root.id] = root

    def add_database(  # all that a database is made of
        self,
        title: list[Obj],
        *,
        columns: list[PropertyDef],
        user: str,
        database_id: str,
        parent: str | None = None,
    ) -> Database:
        """Make a database with one data source of these columns, below the root unless a page is given."""
        database = Database(database_id, title, parent or self.root, [], Edits.first(self.clock(), user))
        self.databases[database.id] = database
        self.add_data_source(database, title, columns=columns, user=user)
        return database

    def add_data_source(
        self, database: Database, title: list[Obj], *, columns: list[PropertyDef], user: str
    ) -> DataSource:
        """Make another data source in a database."""
        source = DataSource(self.ids.uuid(), database.id, title, columns, Edits.first(self.clock(), user))
        self.data_sources[source.id] = source
        database.data_sources.append(source.id)
        return source

    def add_page(self, source: DataSource, *, user: str, page_id: str | None = None) -> Page:
        """Make an empty row."""
        page = Page(page_id or self.ids.uuid(), source.id, None, {}, Edits.first(self.clock(), user))
        self.pages[page.id] = page
        source.rows.append(page.id)
        return page

    def add_subpage(self, parent: str, *, user: str) -> Page:
        """Make an empty page under a page."""
        page = Page(self.ids.uuid(), None, parent, {}, Edits.first(self.clock(), user))
        self.pages[page.id] = page
        return page

    def set_value(self, page: Page, column: PropertyDef, value: object) -> None:
        """Write a value of a column, as `new_value` took it; options that do not exist yet are made."""
        match column.kind, value:
            case ("select" | "status", dict()):
                page.values[column.id] = self._option(column, value)
            case "multi_select", list():
                page.values[column.id] = [self._option(column, option) for option in value]
            case _:
                page.values[column.id] = value

    def insert(self, parent: str, blocks: Sequence[NewBlock], *, at: int | None, user: str) -> list[str]:
        """Put blocks under a page or block, at the end where `at` is None; return the first level's ids."""
        above = self.children_of(parent)
        page = parent if parent in self.pages else self.blocks[parent].page
        now = self.clock()
        made = [self._grow(block, parent=parent, page=page, now=now, user=user) for block in blocks]
        where = len(above) if at is None else at
        above[where:where] = made
        if made:
            self.touch(parent, user=user)
        return made

    def trash_block(self, block: StoredBlock, *, user: str) -> None:
        """Put a block and all below it in the trash."""
        block.in_trash = True
        self.touch(block.id, user=user)

    def touch(self, thing: str, *, user: str) -> None:
        """Record a change of a page or block; its page changes with it."""
        now = self.clock()
        block = self.blocks.get(thing)
        if block is not None:
            block.edits.again(now, user)
        self.pages[block.page if block else thing].edits.again(now, user)

    def children_of(self, parent: str) -> list[str]:
        """Return the ids of all children of a page or block, those in the trash included."""
        return (self.pages.get(parent) or self.blocks[parent]).children

    def living(self, parent: str) -> Iterator[StoredBlock]:
        """Yield the children that are not in the trash, in order."""
        for child in self.children_of(parent):
            if not (block := self.blocks[child]).in_trash:
                yield block

    def is_in_trash(self, thing: str) -> bool:
        """Tell whether a page or block, or anything above it, lies in the trash."""
        while thing in self.blocks:
            block = self.blocks[thing]
            if block.in_trash:
                return True
            thing = block.parent
        page = self.pages[thing]
        return page.in_trash or (page.parent is not None and self.is_in_trash(page.parent))

    def column(self, source: DataSource, key: str) -> PropertyDef | None:
        """Return the column of this name, or of this id."""
        named = source.named(key)
        return named or next((c for c in source.properties if same_property(key, c.id)), None)

    def new_column(self, name: str, kind: str, config: Obj) -> PropertyDef:
        """Return a new column with an id of its own."""
        return PropertyDef("title" if kind == "title" else self.ids.property_id(), name, kind, config)

    def forget_page(self, page: Page) -> None:
        """Delete a page for good, with its blocks and comments."""
        gone = {page.id, *(block.id for block in self.blocks.values() if block.page == page.id)}
        self.comments = {key: said for key, said in self.comments.items() if said.parent not in gone}
        self.blocks = {key: block for key, block in self.blocks.items() if key not in gone}
        del self.pages[page.id]
        if page.data_source:
            self.data_sources[page.data_source].rows.remove(page.id)

    def forget_rows(self) -> None:
        """Delete all rows of all data sources for good, with every block, comment and upload."""
        self.pages = {key: page for key, page in self.pages.items() if page.data_source is None}
        self.blocks.clear()
        self.comments.clear()
        self.uploads.clear()
        for page in self.pages.values():
            page.children.clear()
        for source in self.data_sources.values():
            source.rows.clear()

    def _grow(self, new: NewBlock, *, parent: str, page: str, now: datetime, user: str) -> str:
        block = StoredBlock(self.ids.uuid(), parent, page, new.kind, new.content, Edits.first(now, user))
        self.blocks[block.id] = block
        if new.children:
            block.children = [
                self._grow(child, parent=block.id, page=page, now=now, user=user) for child in new.children
            ]
        return block.id

    def _option(self, column: PropertyDef, wanted: Obj) -> str:
        found = find_option(column, wanted)
        if found is None:
            colour = wanted.get("color") or "default"
            name = wanted.get("name", wanted.get("id"))
            found = {"id": self.ids.uuid(), "name": name, "color": colour, "description": None}
            column.config["options"].append(found)
        return str(found["id"])

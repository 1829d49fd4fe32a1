"""What Jen does in the app. She may do what the API would refuse; it all carries her user id."""

from sync.notion.emulator.api.comments import add_comment
from sync.notion.emulator.api.databases import change_schema, changed_columns
from sync.notion.emulator.checks import Obj
from sync.notion.emulator.model import DataSource, Page, StoredBlock
from sync.notion.emulator.refusals import unknown_property
from sync.notion.emulator.rules.blocks import NewBlock, text_content
from sync.notion.emulator.rules.properties import new_value
from sync.notion.emulator.rules.rich_text import unstyled
from sync.notion.emulator.workspace import Workspace


class Human:
    """Jen's hands. Ids are as the API prints them."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws

    def edit_block(self, block_id: str, text: str) -> None:
        """Overwrite the text of a block; of a table row, its first cell."""
        block = self._ws.blocks[block_id]
        if "cells" in block.content:
            block.content = {**block.content, "cells": [unstyled(text), *block.content["cells"][1:]]}
        else:
            block.content = {**block.content, "rich_text": unstyled(text)}
        self._ws.touch(block_id, user=self._ws.jen)

    def turn_into(self, block_id: str, kind: str) -> None:
        """Make another type of block of a text; its words stay."""
        block = self._ws.blocks[block_id]
        block.kind = kind
        block.content = text_content(kind, block.content["rich_text"])
        self._ws.touch(block_id, user=self._ws.jen)

    def caption_block(self, block_id: str, text: str) -> None:
        """Write below a block that can have a caption."""
        block = self._ws.blocks[block_id]
        block.content = {**block.content, "caption": unstyled(text)}
        self._ws.touch(block_id, user=self._ws.jen)

    def add_column(self, table_id: str, text: str) -> None:
        """Widen a table by a column; a text stands in its last cell."""
        table, rows = self._ws.blocks[table_id], self._ws.children_of(table_id)
        table.content = {**table.content, "table_width": table.content["table_width"] + 1}
        for row_id in rows:
            row = self._ws.blocks[row_id]
            cell = unstyled(text) if row_id == rows[-1] else []
            row.content = {**row.content, "cells": [*row.content["cells"], cell]}
        self._ws.touch(rows[-1], user=self._ws.jen)

    def add_data_source(self, database_id: str, title: str) -> str:
        """Add a second table to a database; return its id."""
        columns = [self._ws.new_column("Name", "title", {})]
        database = self._ws.databases[database_id]
        return self._ws.add_data_source(database, unstyled(title), columns=columns, user=self._ws.jen).id

    def trash_database(self, database_id: str) -> None:
        """Put a database in the trash."""
        self._ws.databases[database_id].in_trash = True

    def add_raw_block(self, parent_id: str, kind: str, content: Obj) -> str:
        """Put any block at the end of a page or block, also one that the API cannot make; return its id."""
        return self._ws.insert(parent_id, [NewBlock(kind, content)], at=None, user=self._ws.jen)[0]

    def add_block(
        self, parent_id: str, text: str, *, kind: str = "paragraph", after: str | None = None
    ) -> str:
        """Write a block at the end of a page or block, or after another block; return its id."""
        at = None if after is None else self._ws.children_of(parent_id).index(after) + 1
        block = NewBlock(kind, text_content(kind, unstyled(text)))
        return self._ws.insert(parent_id, [block], at=at, user=self._ws.jen)[0]

    def move_block(self, block_id: str, *, parent_id: str | None = None, after: str | None = None) -> None:
        """Move a block after another one, or to the start; below another parent, where one is given."""
        block = self._ws.blocks[block_id]
        self._ws.children_of(block.parent).remove(block_id)
        block.parent = parent_id or block.parent
        siblings = self._ws.children_of(block.parent)
        siblings.insert(0 if after is None else siblings.index(after) + 1, block_id)
        self._ws.touch(block_id, user=self._ws.jen)

    def delete_block(self, block_id: str) -> None:
        """Put a block in the trash."""
        self._ws.trash_block(self._ws.blocks[block_id], user=self._ws.jen)

    def restore_block(self, block_id: str) -> None:
        """Take a block out of the trash."""
        self._ws.blocks[block_id].in_trash = False
        self._ws.touch(block_id, user=self._ws.jen)

    def comment(self, parent_id: str, text: str, *, discussion: str | None = None) -> str:
        """Comment on a page or block, or reply; return the comment's id. A comment is no edit."""
        return add_comment(self._ws, parent_id, unstyled(text), discussion=discussion, user=self._ws.jen).id

    def set_property(self, page_id: str, name: str, value: Obj) -> None:
        """Write a property; the value is as the API takes it, such as `{"select": {"name": "prod"}}`."""
        page = self._ws.pages[page_id]
        column = self._ws.column(self._source(page), name)
        if column is None:
            raise unknown_property(name)
        self._ws.set_value(page, column, new_value(column, value, name, key=name, media=_no_files))
        self._ws.touch(page_id, user=self._ws.jen)

    def rename_property(self, data_source_id: str, old: str, new: str) -> None:
        """Rename a column."""
        self._change(data_source_id, {old: {"name": new}})

    def retype_property(self, data_source_id: str, name: str, kind: str) -> None:
        """Convert a column to another type."""
        self._change(data_source_id, {name: {kind: {}}})

    def add_property(self, data_source_id: str, name: str, kind: str) -> None:
        """Add a column."""
        self._change(data_source_id, {name: {kind: {}}})

    def delete_property(self, data_source_id: str, name: str) -> None:
        """Delete a column with its values."""
        self._change(data_source_id, {name: None})

    def trash_page(self, page_id: str) -> None:
        """Put a page in the trash."""
        self._ws.pages[page_id].in_trash = True
        self._ws.touch(page_id, user=self._ws.jen)

    def restore_page(self, page_id: str) -> None:
        """Take a page out of the trash."""
        self._ws.pages[page_id].in_trash = False
        self._ws.touch(page_id, user=self._ws.jen)

    def archive_page(self, page_id: str) -> None:
        """Take a page out of what queries show, without putting it in the trash."""
        self._ws.pages[page_id].is_archived = True
        self._ws.touch(page_id, user=self._ws.jen)

    def move_page(self, page_id: str, data_source_id: str) -> None:
        """Move a row to another table, which has none of its columns but the title."""
        page = self._ws.pages[page_id]
        self._source(page).rows.remove(page_id)
        self._ws.data_sources[data_source_id].rows.append(page_id)
        page.data_source = data_source_id
        page.values = {column: value for column, value in page.values.items() if column == "title"}
        self._ws.touch(page_id, user=self._ws.jen)

    def delete_page_forever(self, page_id: str) -> None:
        """Empty the trash of a page."""
        self._ws.forget_page(self._ws.pages[page_id])

    def duplicate_page(self, page_id: str) -> str:
        """Duplicate a row with its values and blocks, not its comments; return the copy's id."""
        original = self._ws.pages[page_id]
        copy = self._ws.add_page(self._source(original), user=self._ws.jen)
        copy.values = dict(original.values)
        copy.icon = original.icon
        blocks = [self._copied(block) for block in self._ws.living(page_id)]
        self._ws.insert(copy.id, blocks, at=None, user=self._ws.jen)
        return copy.id

    def add_page(self, data_source_id: str, title: str) -> str:
        """Make a row by hand; return its id."""
        source = self._ws.data_sources[data_source_id]
        page = self._ws.add_page(source, user=self._ws.jen)
        page.values["title"] = unstyled(title)
        return page.id

    def unshare(self, database_id: str) -> None:
        """Take a database away from the connection."""
        self._ws.databases[database_id].is_shared = False

    def share(self, database_id: str) -> None:
        """Give a database back to the connection."""
        self._ws.databases[database_id].is_shared = True

    def _source(self, page: Page) -> DataSource:
        if page.data_source is None:
            raise KeyError(f"{page.id} is no row")
        return self._ws.data_sources[page.data_source]

    def _change(self, data_source_id: str, change: Obj) -> None:
        source = self._ws.data_sources[data_source_id]
        change_schema(self._ws, source, changed_columns(self._ws, source, change))
        source.edits.again(self._ws.clock(), self._ws.jen)

    def _copied(self, block: StoredBlock) -> NewBlock:
        children = tuple(self._copied(child) for child in self._ws.living(block.id))
        return NewBlock(block.kind, dict(block.content), children)


def _no_files(value: object, path: str) -> Obj:
    raise KeyError(f"{path}: {value} is a file; Jen uploads none")

"""How things read: the JSON of every object, key for key as recorded."""

import re
from collections.abc import Container

from sync.notion.emulator.api.basic_answers import exact, minute, user
from sync.notion.emulator.api.column_answers import column_object, columns_of, property_value, title_of
from sync.notion.emulator.checks import Obj
from sync.notion.emulator.model import (
    Comment,
    Database,
    DataSource,
    Page,
    StoredBlock,
    Upload,
    View,
)
from sync.notion.emulator.rules.rich_text import text_of
from sync.notion.emulator.workspace import Workspace

_NOT_IN_A_SLUG = re.compile(r"[^A-Za-z0-9]+")
SITE = "https://app.notion.com/p"
CONNECTION = "AI Traces"


def page_object(ws: Workspace, page: Page, *, only: Container[str] | None = None) -> Obj:
    """Return a page; `only` these property ids, where given."""
    return {
        "object": "page",
        "id": page.id,
        "created_time": minute(page.edits.made),
        "last_edited_time": minute(page.edits.changed),
        "created_by": user(page.edits.made_by),
        "last_edited_by": user(page.edits.changed_by),
        "cover": None,
        "icon": page.icon,
        "parent": _page_parent(ws, page),
        "in_trash": page.in_trash,
        "is_archived": page.is_archived,
        "is_locked": page.is_locked,
        "properties": {
            column.name: property_value(page, column)
            for column in columns_of(ws, page)
            if only is None or column.id in only
        },
        "url": f"{SITE}/{_slug(title_of(page))}{page.id.replace('-', '')}",
        "public_url": None,
    }


def block_object(ws: Workspace, block: StoredBlock) -> Obj:
    """Return a block."""
    parent = "page_id" if block.parent in ws.pages else "block_id"
    return {
        "object": "block",
        "id": block.id,
        "parent": {"type": parent, parent: block.parent},
        "created_time": minute(block.edits.made),
        "last_edited_time": minute(block.edits.changed),
        "created_by": user(block.edits.made_by),
        "last_edited_by": user(block.edits.changed_by),
        "has_children": next(ws.living(block.id), None) is not None,
        "in_trash": block.in_trash,
        "type": block.kind,
        block.kind: block.content,
    }


def page_as_block(ws: Workspace, page: Page) -> Obj:
    """Return a page as the block that it also is."""
    return {
        "object": "block",
        "id": page.id,
        "parent": _page_parent(ws, page),
        "created_time": minute(page.edits.made),
        "last_edited_time": minute(page.edits.changed),
        "created_by": user(page.edits.made_by),
        "last_edited_by": user(page.edits.changed_by),
        "has_children": next(ws.living(page.id), None) is not None,
        "in_trash": page.in_trash,
        "type": "child_page",
        "child_page": {"title": title_of(page)},
    }


def database_as_block(database: Database) -> Obj:
    """Return a database as the block of its page that it also is."""
    return {
        "object": "block",
        "id": database.id,
        "parent": {"type": "page_id", "page_id": database.parent},
        "created_time": minute(database.edits.made),
        "last_edited_time": minute(database.edits.changed),
        "created_by": user(database.edits.made_by),
        "last_edited_by": user(database.edits.changed_by),
        "has_children": False,
        "in_trash": database.in_trash,
        "type": "child_database",
        "child_database": {"title": text_of(database.title)},
    }


def database_object(ws: Workspace, database: Database) -> Obj:
    """Return a database."""
    return {
        "object": "database",
        "id": database.id,
        "title": database.title,
        "description": [],
        "parent": {"type": "page_id", "page_id": database.parent},
        "is_inline": False,
        "in_trash": database.in_trash,
        "is_locked": False,
        "created_time": exact(database.edits.made),
        "last_edited_time": exact(database.edits.changed),
        "data_sources": [
            {"id": source, "name": text_of(ws.data_sources[source].title)} for source in database.data_sources
        ],
        "icon": database.icon,
        "cover": None,
        "url": f"{SITE}/{database.id.replace('-', '')}",
        "public_url": None,
    }


def data_source_object(ws: Workspace, source: DataSource) -> Obj:
    """Return a data source with its columns."""
    return {
        "object": "data_source",
        "id": source.id,
        "cover": None,
        "icon": source.icon,
        "created_time": minute(source.edits.made),
        "created_by": user(source.edits.made_by),
        "last_edited_by": user(source.edits.changed_by),
        "last_edited_time": minute(source.edits.changed),
        "title": source.title,
        "description": [],
        "is_inline": False,
        "properties": {column.name: column_object(column) for column in source.properties},
        "parent": {"type": "database_id", "database_id": source.database},
        "database_parent": {"type": "page_id", "page_id": ws.databases[source.database].parent},
        "url": f"{SITE}/{source.database.replace('-', '')}",
        "public_url": None,
        "in_trash": source.in_trash,
    }


def comment_object(ws: Workspace, comment: Comment) -> Obj:
    """Return a comment."""
    parent = "page_id" if comment.parent in ws.pages else "block_id"
    by_bot = comment.edits.made_by == ws.bot
    return {
        "object": "comment",
        "id": comment.id,
        "parent": {"type": parent, parent: comment.parent},
        "discussion_id": comment.discussion,
        "created_time": minute(comment.edits.made),
        "last_edited_time": minute(comment.edits.changed),
        "created_by": user(comment.edits.made_by),
        "rich_text": comment.text,
        "display_name": {"type": "integration" if by_bot else "user", "resolved_name": comment.author},
    }


def view_stub(view: View) -> Obj:
    """Return what is told of a view that is no more."""
    return {
        "object": "view",
        "id": view.id,
        "parent": {"type": "database_id", "database_id": view.database},
        "type": view.settings["type"],
    }


def view_object(view: View) -> Obj:
    """Return a view."""
    return {
        **view_stub(view),
        "data_source_id": view.data_source,
        "name": view.settings["name"],
        "created_time": exact(view.edits.made),
        "created_by": user(view.edits.made_by),
        "last_edited_time": exact(view.edits.changed),
        "last_edited_by": user(view.edits.changed_by),
        "url": f"{SITE}/{view.database.replace('-', '')}?v={view.id.replace('-', '')}",
        "filter": view.settings["filter"],
        "sorts": view.settings["sorts"],
        "quick_filters": view.settings["quick_filters"],
        "configuration": view.settings["configuration"],
    }


def upload_object(upload: Upload, *, status: str, expiry: str, base: str) -> Obj:
    """Return a file upload."""
    return {
        "object": "file_upload",
        "id": upload.id,
        "created_time": minute(upload.edits.made),
        "created_by": {"id": upload.edits.made_by, "type": "bot"},
        "last_edited_time": minute(upload.edits.changed),
        "in_trash": False,
        "expiry_time": expiry if status == "pending" else None,
        "status": status,
        "filename": upload.filename,
        "content_type": upload.content_type,
        "content_length": None if upload.content is None else len(upload.content),
        "upload_url": f"{base}/v1/file_uploads/{upload.id}/send",
    }


def list_object(results: list[Obj], kind: str, *, next_cursor: str | None = None) -> Obj:
    """Return one page of a list."""
    return {
        "object": "list",
        "results": results,
        "next_cursor": next_cursor,
        "has_more": next_cursor is not None,
        "type": kind,
        kind: {},
    }


def _page_parent(ws: Workspace, page: Page) -> Obj:
    if page.data_source:
        database = ws.data_sources[page.data_source].database
        return {"type": "data_source_id", "data_source_id": page.data_source, "database_id": database}
    if page.parent:
        return {"type": "page_id", "page_id": page.parent}
    return {"type": "workspace", "workspace": True}


def _slug(title: str) -> str:
    slug = _NOT_IN_A_SLUG.sub("-", title).strip("-")
    return f"{slug}-" if slug else ""

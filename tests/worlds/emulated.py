"""Make a Notion with one table."""

from typing import Any

from sync.notion.emulator import Emulator


def notion_with(**columns: str) -> Emulator:
    """Return a Notion whose table has a title and these columns, the type of each by its name."""
    notion = Emulator()
    properties: dict[str, Any] = {"Name": {"title": {}}} | {
        name.replace("_", " "): {kind: {}} for name, kind in columns.items()
    }
    notion.create_database(properties=properties)
    return notion


def source_of(notion: Emulator) -> str:
    """Return the id of its first data source."""
    return next(iter(notion.workspace.data_sources))

"""Compare logs with the pages that show them."""

from pathlib import Path
from typing import Any

from sync.keys import key_of
from sync.names import LogPath
from sync.notion.emulator import Emulator
from sync.notion.emulator.api.column_answers import columns_of
from sync.notion.emulator.dump import page_dump
from sync.notion.emulator.values import plain_values
from sync.page.draft import PageDraft
from sync.page.render import render
from sync.rules import Rules
from sync.tracelog.parsing.parser import parse
from tests.worlds.log_files import LogFiles
from tests.worlds.trees import Tree, flat, shown, wanted


class LogsAndPages(LogFiles):
    """A logs directory, and the Notion that it is mirrored to."""

    def __init__(self, root: Path, notion: Emulator, rules: Rules) -> None:
        super().__init__(root)
        self.notion = notion
        self.rules = rules

    def pages(self, path: str) -> list[dict[str, Any]]:
        """Return the pages of a log that are not in the trash."""
        key = key_of(self.rules.host, LogPath(path))
        self.notion.settle()
        ws = self.notion.workspace
        rows = [ws.pages[row] for source in ws.data_sources.values() for row in source.rows]
        return [
            page_dump(ws, row)
            for row in rows
            if not row.in_trash and plain_values(row, list(columns_of(ws, row))).get("Log Path") == key
        ]

    def page(self, path: str) -> dict[str, Any]:
        """Return the page of a log; fail unless there is exactly one."""
        (page,) = self.pages(path)
        return page

    def draft(self, path: str) -> PageDraft:
        """Return the page that a log should have."""
        content = (self.root / path).read_bytes()
        log = parse(content, LogPath(path), zone=self.rules.zone)
        digest = self.digest(path)
        return render(log, key=key_of(self.rules.host, LogPath(path)), content_hash=digest)

    def shown(self, page: dict[str, Any]) -> Tree:
        """Return our blocks on a page, without emptied ones that stay for a person's comments or blocks."""
        workspace = self.notion.workspace
        commented = {comment.parent for comment in workspace.comments.values()}
        return list(shown(page["blocks"], workspace.bot, commented))

    def check(self, path: str) -> dict[str, Any]:
        """Assert that a log has exactly one page, which shows all of it in order; return that page."""
        pages = self.pages(path)
        assert len(pages) == 1, f"{path} has {len(pages)} pages"
        (page,) = pages
        draft = self.draft(path)
        assert self.shown(page) == list(wanted(draft.body))
        assert page["properties"]["Content Hash"] == draft.content_hash
        assert page["icon"] == draft.icon
        return page

    def ids(self, path: str) -> dict[str, str]:
        """Return the ids of all blocks on the page of a log by their texts, which must differ."""
        return {block["text"]: block["id"] for block in flat(self.page(path)["blocks"]) if block["text"]}

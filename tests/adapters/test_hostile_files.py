"""Any file at all becomes a page that Notion takes, and no word of it is lost."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hostile import COUNT, Hostile, all_of
from sync.departure_decision import MaxDeletes, OnFileDeleted
from sync.files import ReadLog, read_log
from sync.fit import Fit, fit_for_leaving
from sync.names import LogPath
from sync.notion.emulator.model import PropertyDef
from sync.notion.emulator.rules.blocks import new_blocks
from sync.notion.emulator.rules.properties import new_value
from sync.notion.schema import usual_type
from sync.notion.values import adapt
from sync.page.batches import batches, pruned
from sync.page.blocks import Attachment, Block, Callout, RichText, Table, TableRow, children
from sync.page.draft import PageDraft, Text
from sync.page.limits import MAX_BODY_BYTES
from sync.page.oversize import MAX_BLOCKS
from sync.page.richtext import plain
from sync.page.wire import encode_block
from sync.page.withheld import withhold
from sync.rules import Rules

if TYPE_CHECKING:
    from tests.conftest import Proved

PATH = LogPath("2026-01-10-hostile.md")
SOME = 150


def page_of(file: Hostile, root: Path) -> Fit:
    """Write the file, read it as the daemon does, and return its page."""
    with (root / PATH).open("wb") as written:
        written.write(file.content)
        written.truncate(file.size)
    rules = Rules(
        root=root,
        host="",
        edition="1",
        zone=UTC,
        settle=timedelta(seconds=1),
        restore_trashed=False,
        on_file_deleted=OnFileDeleted.TRASH,
        max_deletes=MaxDeletes(pages=10, percent=20),
        keep_edits=False,
        saved_words=root,
        redact=True,
    )
    reading = read_log(root, PATH)
    assert isinstance(reading, ReadLog)
    return fit_for_leaving(rules, PATH, reading)


def refuse(value: object, path: str) -> dict[str, Any]:
    """Take no media: there are none in these requests."""
    raise AssertionError(f"{path}: {value}")


def sent(blocks: Sequence[Block], table: Table | None = None) -> Iterator[list[dict[str, Any]]]:
    """Yield the blocks of each request that brings these to Notion, each of them checked by its rules."""
    within = None if table is None else {"table_width": table.width}
    for batch in batches(blocks, reserved_bytes=0):
        payload = [encode_block(block) for block in batch]
        written = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))  # as httpx writes it
        assert len(written.encode()) < MAX_BODY_BYTES
        new_blocks(payload, "body.children", media=refuse, within=within)
        yield payload
    for block in blocks:
        if pruned(block) != block or len(children(block)) > MAX_BLOCKS // 20:
            yield from sent(children(block), block if isinstance(block, Table) else None)


def check_values(draft: PageDraft) -> None:
    """Assert that Notion takes every property."""
    for name, value in draft.properties.items():
        kind = usual_type(name)
        column = PropertyDef("x", name, kind, {})
        new_value(column, adapt(value, kind, ()), "body.properties", key=name, media=refuse)


def texts(blocks: Sequence[Block]) -> Iterator[RichText]:
    """Yield every text of blocks and of all below them."""
    for block in blocks:
        match block:
            case TableRow():
                yield from block.cells
            case _ if hasattr(block, "text"):
                yield block.text
            case _:
                pass
        yield from texts(children(block))


def shown(draft: PageDraft) -> str:
    """Return all that a reader can find on a page; a text that is cut into blocks is also there whole."""
    found = list(texts(draft.body))
    links = [run.link for text in found for run in text if run.link]
    values = [value.text for value in draft.properties.values() if isinstance(value, Text)]
    return "\n".join(("".join(map(plain, found)), *map(plain, found), *links, *values))


def lost(file: Hostile, fit: Fit) -> list[str]:
    """Return the words that are neither on the page nor taken out as a secret, nor told to be elsewhere."""
    draft = withhold(fit.page, frozenset())
    if fit.page.abridged:
        *_, notice, last = draft.body
        ending = notice if isinstance(last, Attachment) else last
        assert isinstance(ending, Callout)
        assert "Parts of this log are not on this page" in plain(ending.text)
        return []
    page = shown(draft)
    return [word for word in file.words if word not in page and word.encode() in fit.content]


def check(files: Iterator[Hostile], root: Path, proved: "Proved") -> None:
    """Bring each file as far as the requests that would be sent."""
    for file in files:
        fit = page_of(file, root)
        draft = withhold(fit.page, frozenset())
        requests = list(sent([block for block in draft.body if not isinstance(block, Attachment)]))
        check_values(draft)
        assert lost(file, fit) == [], file.name
        proved(
            "hostile files",
            files=1,
            kilobytes=file.size // 1_000,
            requests=len(requests),
            words=len(file.words),
            shortened=fit.page.abridged,
        )


@pytest.mark.parametrize("part", range(5))
def test_a_hostile_file_is_a_page(part: int, tmp_path: Path, proved: "Proved") -> None:
    """Every kind of trouble, several times: valid requests only, and every word is on the page."""
    check(all_of(range(part, SOME, 5)), tmp_path, proved)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(20))
def test_every_hostile_file_is_a_page(part: int, tmp_path: Path, proved: "Proved") -> None:
    """The same of all of them, the very long ones among them."""
    check(all_of(range(part, COUNT, 20)), tmp_path, proved)

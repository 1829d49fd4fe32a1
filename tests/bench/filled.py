"""A daemon's world after years of work: many logs on disk, and a state that has them all synced."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import corpus
from daemon.config.settings import Settings, edition_of, load
from daemon.session import open_session
from sync.files import Stamp
from sync.keys import key_of
from sync.names import Digest, LogPath, PageId
from sync.notion.emulator import DEMO_TOKEN, Emulator, EmulatorTransport
from sync.page.render import render
from sync.planning.outline import outline_of
from sync.planning.page_state import Synced
from sync.state.records import PageRecord
from sync.state.store import Store
from sync.tracelog.parsing.parser import parse

_REMEMBERED_KILOBYTES = 10
"""The state remembers the blocks of logs of this size, whatever is on disk: a scan does not read them."""


def environ(directory: Path, url: str) -> Mapping[str, str]:
    """Return the environment of a daemon that lives in this directory."""
    return {
        "NOTION_TOKEN": DEMO_TOKEN,
        "NOTION_BASE_URL": url,
        "AI_TRACES_LOGS_DIR": str(directory / "logs"),
        "AI_TRACES_STATE_DIR": str(directory / "state"),
        # So many that the budget is not what is measured; the built-in Notion grants what is asked.
        "AI_TRACES_REQUESTS_PER_MINUTE": "6000",
        "AI_TRACES_DRIFT_CHECK_SECONDS": "0",
    }


def settings_of(variables: Mapping[str, str]) -> Settings:
    """Return the settings that these variables make, whatever `.env` files lie about."""
    nowhere = Path(variables["AI_TRACES_STATE_DIR"])
    return load(variables, directory=nowhere, config_dir=nowhere)


def fill(directory: Path, count: int, emulator: Emulator) -> Settings:
    """Write so many logs, and a state in which each is synced with a page in the emulator's database."""
    settings = settings_of(environ(directory, "http://127.0.0.1"))
    written = corpus.write(settings.logs_dir, count)
    with Store.open(settings.state_dir) as store:
        asyncio.run(_meet_database(settings, store, emulator))
        store.save_all(_records(settings, written.stamps))
    return settings


async def _meet_database(settings: Settings, store: Store, emulator: Emulator) -> None:
    token = settings.notion_token
    assert token is not None
    transport = EmulatorTransport(emulator)
    async with open_session(settings, token, store, transport=transport) as session:
        await session.connect()


def _records(settings: Settings, stamps: Mapping[LogPath, Stamp]) -> Iterator[PageRecord]:
    now, edition = datetime.now(UTC), edition_of(settings)
    sample = corpus.text(0, kilobytes=_REMEMBERED_KILOBYTES).encode()
    log = parse(sample, corpus.path(0), zone=UTC)
    draft = render(log, key=key_of("", corpus.path(0)), content_hash=Digest("0" * 64))
    outline = outline_of(draft.body)
    for number, (path, stamp) in enumerate(stamps.items()):
        page_id = PageId(f"{number:08x}-91ab-4c50-b5b9-b28cc2f41f3d")
        yield PageRecord(
            path=path,
            page=Synced(page_id, f"{number:032x}", outline),
            url=f"https://www.notion.so/{page_id.replace('-', '')}",
            content_hash=Digest(f"{number:064x}"),
            edition=edition,
            stamp=stamp,
            since=now,
            synced_at=now,
        )

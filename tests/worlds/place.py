"""Run whole backfills on logs, a state and a Notion."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from daemon.backfill.alone import backfill
from daemon.backfill.tally import Progress, Summary, Tally
from daemon.config.settings import Settings, load
from daemon.session import Session, open_session
from sync.notion.emulator import DEMO_TOKEN, Emulator, EmulatorTransport
from sync.state.store import Store


@dataclass(slots=True)
class Place:
    """Logs, a state and a Notion; each `run` is a process of its own.

    Attributes:
        shown: The progress that was shown.
        changed: The settings that differ from the usual ones.
    """

    directory: Path
    notion: Emulator
    shown: list[Progress] = field(default_factory=list)
    changed: dict[str, str] = field(default_factory=dict)

    def write(self, path: str, text: str = "") -> None:
        """Write a log; by default its text is made of its name."""
        file = self.directory / "logs" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text or f"# Execution Log: T-{path}\n\nText.\n", encoding="utf-8")

    @property
    def settings(self) -> Settings:
        """The settings."""
        return load(
            {
                "NOTION_TOKEN": DEMO_TOKEN,
                "AI_TRACES_LOGS_DIR": str(self.directory / "logs"),
                "AI_TRACES_STATE_DIR": str(self.directory / "state"),
                "AI_TRACES_REQUESTS_PER_MINUTE": "1000000",
                "AI_TRACES_SETTLE_SECONDS": "0.05",
                **self.changed,
            },
            directory=self.directory,
            config_dir=self.directory,
        )

    @asynccontextmanager
    async def session(self, tally: Tally, *, on_a_copy: bool = False) -> AsyncIterator[Session]:
        """Open a session until the context ends."""
        settings = self.settings
        token = settings.notion_token
        assert token is not None
        with (Store.copy_of if on_a_copy else Store.open)(settings.state_dir) as store:
            transport = EmulatorTransport(self.notion)
            async with open_session(settings, token, store, transport=transport, note=tally.note) as session:
                yield session

    async def run(self, *typed: str) -> Summary:
        """Run a backfill."""
        self.notion.journal.clear()
        tally = Tally()
        async with self.session(tally) as session:
            return await backfill(session, tally, typed, stop=asyncio.Event(), show=self.shown.append)

    def keys(self) -> list[str]:
        """Return the keys of all pages outside the trash."""
        return sorted(page["properties"]["Log Path"] for page in self.notion.dump() if not page["in_trash"])

"""Secrets in logs never reach Notion: every byte that leaves is looked at."""

import random
import string
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from daemon.config.secret import Secret
from daemon.config.settings import load
from daemon.job import Job
from daemon.session import Session, open_session
from daemon.telemetry.job_line import tell_job
from sync.names import LogPath
from sync.notion.emulator import AI_TRACES, DEMO_TOKEN, Emulator, EmulatorTransport
from sync.notion.limiter import Lane
from sync.state.store import Store
from sync.verdict import Reconciled, Verdict

LETTERS = string.ascii_letters + string.digits


def _random(length: int, seed: int) -> str:
    return "".join(random.Random(seed).choices(LETTERS, k=length))  # noqa: S311 - samples, not keys


TOKEN, KEY, PASSWORD, LONG = _random(36, 1), _random(40, 2), _random(16, 3), _random(64, 4)
IN_TITLE, IN_NAME = _random(36, 5), _random(36, 6)
LOG = f"""\
# Execution Log: rotate gh{"p_"}{IN_TITLE}

**Timestamp:** 2026-01-10T14:30:00Z
**ENV:** prod

## Task
Use `gh{"p_"}{TOKEN}` and [the api](https://robot:{PASSWORD}@example.org/x).

## Tools Used
- curl -H "Authorization: Bear{"er"} {KEY}": ok

## Issues
| name | value |
|---|---|
| API_{"KEY"} | {KEY} |

```
-----BEGIN PRIVATE {"KEY"}-----
{LONG}
-----END PRIVATE {"KEY"}-----
```
"""
SECRETS = (TOKEN, KEY, PASSWORD, LONG, IN_TITLE)


class Wire(EmulatorTransport):
    """Keeps a copy of everything that leaves."""

    def __init__(self, notion: Emulator) -> None:
        super().__init__(notion)
        self.sent = ""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        self.sent += f"{request.url}\n{(await request.aread()).decode('utf-8', 'replace')}\n"
        return await super().handle_async_request(request)


class Rig:
    """A session on files of its own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.logs = directory / "logs"
        self.logs.mkdir()
        self.notion = Emulator()
        self.notion.create_database()
        self.wire = Wire(self.notion)

    @asynccontextmanager
    async def session(self, *, redact: str = "true") -> AsyncIterator[Session]:
        """Open a connected session."""
        environ = {
            "AI_TRACES_LOGS_DIR": str(self.logs),
            "AI_TRACES_STATE_DIR": str(self.directory / "state"),
            "AI_TRACES_REQUESTS_PER_MINUTE": "60000",
            "AI_TRACES_REDACT": redact,
            "NOTION_DATABASE_ID": AI_TRACES,
        }
        settings = load(environ, directory=self.directory, config_dir=self.directory)
        store = Store.open(settings.state_dir)
        try:
            async with open_session(settings, Secret(DEMO_TOKEN), store, transport=self.wire) as session:
                await session.connect()
                yield session
        finally:
            store.close()

    async def sync(self, path: str, *, redact: str = "true") -> Reconciled:
        """Bring one log in step."""
        async with self.session(redact=redact) as session:
            return await session.reconciler.reconcile(LogPath(path), Lane.LIVE)

    def page(self) -> dict[str, Any]:
        """Return the one page."""
        (page,) = self.notion.dump()
        return page


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    """A session's files and its Notion."""
    return Rig(tmp_path)


def _leaks(text: str, *secrets: str) -> list[str]:
    return [part for part in _parts(secrets) if part in text]


def _parts(secrets: tuple[str, ...]) -> list[str]:
    return [secret[at : at + 8] for secret in secrets for at in range(len(secret) - 7)]


async def test_no_secret_leaves_the_machine(rig: Rig) -> None:
    """Title, properties, tables, links and code leave without secrets; the page says how many."""
    (rig.logs / "a.md").write_text(LOG, encoding="utf-8")
    result = await rig.sync("a.md")
    assert _leaks(rig.wire.sent, *SECRETS) == []
    assert _leaks(repr(rig.notion.dump()), *SECRETS) == []
    assert result.verdict is Verdict.CREATED
    assert result.redacted == {
        "bearer-token": 1,
        "github-token": 2,
        "keyed-secret": 1,
        "private-key": 1,
        "url-password": 1,
    }
    told = rig.page()["properties"]["Format Warnings"]
    assert "redacted: 1 × bearer-token, 2 × github-token, 1 × keyed-secret, 1 × private-key" in told


async def test_the_log_line_says_how_many(rig: Rig) -> None:
    """The daemon's own log has the counts and not the secrets."""
    (rig.logs / "a.md").write_text(LOG, encoding="utf-8")
    result = await rig.sync("a.md")
    async with rig.session() as session:
        with capture_logs() as lines:
            tell_job(Job(LogPath("a.md"), Lane.LIVE, result, None, 0, 0.1), session.store)
    assert lines[0]["redacted"] == result.redacted
    assert _leaks(repr(lines), *SECRETS) == []


async def test_the_attached_file_holds_no_secret(rig: Rig) -> None:
    """A log too long for a page is attached without secrets, also from its middle."""
    filler = "A line of a very long log, of which nobody reads all.\n\n" * 6_000
    (rig.logs / "a.md").write_text(f"{LOG}\n{filler}\n{LOG}\n{filler}\n", encoding="utf-8")
    await rig.sync("a.md")
    assert "multipart" in rig.wire.sent or "form-data" in rig.wire.sent
    assert rig.wire.sent.count("[REDACTED:private-key]") > 1
    assert _leaks(rig.wire.sent, *SECRETS) == []


async def test_a_secret_in_the_file_name_is_not_shown(rig: Rig) -> None:
    """The title comes from the file name without its secret; the key stays the path."""
    name = f"2026-01-10-gh{'p_'}{IN_NAME}.md"
    (rig.logs / name).write_text("No title here.\n", encoding="utf-8")
    await rig.sync(name)
    assert _leaks(rig.page()["title"], IN_NAME) == []
    assert rig.page()["properties"]["Log Path"] == name


async def test_switching_it_on_mends_the_pages_that_are_there(rig: Rig) -> None:
    """Off, the log is shown as it is; switched on, its page is rendered anew without secrets."""
    (rig.logs / "a.md").write_text(LOG, encoding="utf-8")
    assert not (await rig.sync("a.md", redact="false")).redacted
    assert _leaks(repr(rig.page()), TOKEN) != []
    assert (await rig.sync("a.md")).verdict is Verdict.UPDATED
    assert _leaks(repr(rig.page()), *SECRETS) == []
    before = len(rig.notion.journal.writes())
    assert (await rig.sync("a.md")).verdict is Verdict.UNCHANGED
    assert len(rig.notion.journal.writes()) == before


async def test_a_marker_at_the_start_of_a_line_is_no_link_definition(rig: Rig) -> None:
    """A secret with a colon behind it stays visible as a marker, with what follows it."""
    (rig.logs / "a.md").write_text(
        f"# Execution Log: X\n\n## Task\ngh{'p_'}{TOKEN}: expired\n", encoding="utf-8"
    )
    await rig.sync("a.md")
    text = repr(rig.page()["blocks"])
    assert "[REDACTED:github-token]" in text
    assert "expired" in text

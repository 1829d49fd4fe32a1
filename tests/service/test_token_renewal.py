"""A token that was replaced takes effect in the running daemon, without a restart."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from daemon import breaker
from daemon.breaker import Closed, Open
from daemon.cli.opening import Opening
from daemon.clock import utc_now
from daemon.config.secret import Secret
from daemon.config.settings import load
from daemon.session import open_session
from sync.errors import AccessLost
from sync.names import LogPath
from sync.notion.calls import open_calls
from sync.notion.client import http_client
from sync.notion.connect import Wanted
from sync.notion.emulator import AI_TRACES, DEMO_TOKEN, Emulator, EmulatorTransport
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.state.store import Store
from tests.worlds.patience import until

if TYPE_CHECKING:
    import httpx

NEW = "ntn_new0123456789"


@pytest.fixture
def notion() -> Emulator:
    """A Notion that takes a new token from now on."""
    emulator = Emulator()
    emulator.create_database()
    emulator.access.token = NEW
    return emulator


def _gateway(http: "httpx.AsyncClient", renewed: list[str | None]) -> Gateway:
    def renew() -> str | None:
        return renewed.pop(0)

    return Gateway(
        open_calls(
            http,
            token=DEMO_TOKEN,
            base_url="https://notion.test",
            per_minute=1e6,
            settle=timedelta(0),
            renew=renew,
        ),
        Wanted(database=AI_TRACES, names={}, ids={}, manage_schema=True),
    )


async def test_a_refused_token_is_looked_for_again(notion: Emulator) -> None:
    """The request that met the refusal succeeds with the new one, and later ones do not ask again."""
    renewed: list[str | None] = [NEW]
    async with http_client(transport=EmulatorTransport(notion)) as http:
        gateway = _gateway(http, renewed)
        await gateway.me(lane=Lane.CHECK)
        await gateway.connect()
    assert renewed == []


async def test_another_connections_token_brings_another_author(notion: Emulator) -> None:
    """Our writes bear another name from then on: taken for a person's, each page would be read again."""
    notion.access.token = DEMO_TOKEN
    async with http_client(transport=EmulatorTransport(notion)) as http:
        gateway = _gateway(http, [NEW])
        await gateway.connect()
        before = await gateway.me(lane=Lane.CHECK)
        notion.access.token, notion.workspace.bot = NEW, notion.workspace.ids.uuid()
        await gateway.connect()
        assert await gateway.me(lane=Lane.CHECK) != before
        sent = gateway.requests[Lane.CHECK]
        assert (await gateway.me(lane=Lane.CHECK)).user_id == notion.workspace.bot
        assert gateway.requests[Lane.CHECK] == sent


@pytest.mark.parametrize("found", [None, DEMO_TOKEN, "ntn_ with a space", "ntn_ünicode", "", "ntn_another"])
async def test_without_a_better_one_it_is_told(notion: Emulator, found: str | None) -> None:
    """The same, none, an unusable or another wrong one: access is lost, and the next attempt looks again."""
    renewed = [found, NEW]
    async with http_client(transport=EmulatorTransport(notion)) as http:
        gateway = _gateway(http, renewed)
        with pytest.raises(AccessLost, match="token"):
            await gateway.me(lane=Lane.CHECK)
        await gateway.me(lane=Lane.CHECK)
    assert renewed == []


def test_the_token_is_looked_for_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the file that the settings name, now; what is found is kept out of the log from then on."""
    file = tmp_path / "token"
    file.write_text(DEMO_TOKEN)
    file.chmod(0o600)
    for name in ("NOTION_TOKEN", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NOTION_TOKEN_FILE", str(file))
    monkeypatch.setenv("AI_TRACES_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    secrets = {DEMO_TOKEN}
    opening = Opening(load({}, directory=tmp_path, config_dir=tmp_path), Secret(DEMO_TOKEN), secrets)
    file.write_text(NEW)
    assert opening.renewed() == NEW
    assert secrets == {DEMO_TOKEN, NEW}
    assert NEW not in repr(opening)
    file.unlink()
    assert opening.renewed() is None


async def test_the_daemon_heals_when_the_token_is_replaced(
    tmp_path: Path, notion: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waited goes in at the next attempt, and nobody has started anything again."""
    monkeypatch.setattr(breaker, "FIRST_ACCESS_PAUSE", timedelta(seconds=0.1))
    monkeypatch.setattr(breaker, "LONGEST_PAUSE", timedelta(seconds=0.1))
    settings = load(
        {
            "AI_TRACES_LOGS_DIR": str(tmp_path / "logs"),
            "AI_TRACES_STATE_DIR": str(tmp_path / "state"),
            "AI_TRACES_REQUESTS_PER_MINUTE": "1000000",
        },
        directory=tmp_path,
        config_dir=tmp_path,
    )
    settings.logs_dir.mkdir()
    (settings.logs_dir / "a.md").write_text("# Execution Log: A\n")
    kept, stop = tmp_path / "token", asyncio.Event()
    kept.write_text(DEMO_TOKEN)
    notion.access.token = DEMO_TOKEN
    with Store.open(settings.state_dir) as store:
        async with open_session(
            settings,
            Secret(DEMO_TOKEN),
            store,
            transport=EmulatorTransport(notion),
            renew=kept.read_text,
        ) as session:
            await session.connect()
            notion.access.token = NEW
            session.backlog.touch([LogPath("a.md")], lane=Lane.LIVE, now=utc_now())
            working = asyncio.create_task(session.worker.work(stop, enough=lambda: False))
            await until(lambda: isinstance(session.worker.breaker, Open))
            assert isinstance(met := session.worker.breaker, Open)
            assert met.cause.needs_a_person
            kept.write_text(NEW)
            await until(lambda: not session.backlog.count() and isinstance(session.worker.breaker, Closed))
            stop.set()
            await working
    assert len(notion.dump()) == 1

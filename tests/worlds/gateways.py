"""Open gateways to an emulated Notion that never wait, and make a page for them to write."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

from sync.names import Digest, Key, Property
from sync.notion.calls import Calls
from sync.notion.client import http_client, notion_client
from sync.notion.connect import Wanted
from sync.notion.emulator import AI_TRACES, DEMO_TOKEN, Emulator, EmulatorTransport
from sync.notion.gateway import Gateway
from sync.notion.limiter import RateLimiter
from sync.page.blocks import Paragraph, Run
from sync.page.draft import Choice, Choices, Flag, Moment, PageDraft, Text

_SETTLE = timedelta(seconds=65)


@asynccontextmanager
async def gateway_to(
    notion: Emulator,
    *,
    names: Mapping[Property, str] | None = None,
    ids: Mapping[Property, str] | None = None,
    manage_schema: bool = True,
    database: str = AI_TRACES,
    transport: EmulatorTransport | None = None,
) -> AsyncIterator[Gateway]:
    """Open a gateway to a Notion, with settings that a test may vary."""
    wanted = Wanted(database=database, names=names or {}, ids=ids or {}, manage_schema=manage_schema)
    async with calls_to(notion, transport=transport) as calls:
        yield Gateway(calls, wanted)


@asynccontextmanager
async def calls_to(notion: Emulator, *, transport: EmulatorTransport | None = None) -> AsyncIterator[Calls]:
    """Open calls to a Notion, for tests below the gateway."""
    async with http_client(transport=transport or EmulatorTransport(notion, sleep=_no_wait)) as http:
        yield Calls(
            notion_client(http, token=DEMO_TOKEN, base_url="https://notion.test"),
            RateLimiter(1e6, lambda: 0.0),
            settle=_SETTLE,
            jitter=lambda: 0.5,
            sleep=_no_wait,
        )


async def _no_wait(_: float) -> None:
    return


def words(text: str) -> Paragraph:
    """Return a paragraph."""
    return Paragraph((Run(text),))


def draft(path: str = "2026-01-10-x.md", *, digest: str = "a", outcome: str = "Success") -> PageDraft:
    """Return a page with a property of every kind and without a body."""
    return PageDraft(
        key=Key(path),
        content_hash=Digest(digest * 64),
        icon="✅",
        properties={
            Property.TITLE: Text("X-1"),
            Property.TYPE: Choice("Execution"),
            Property.TIMESTAMP: Moment(None),
            Property.OUTCOME: Choice(outcome),
            Property.SUMMARY: Text("What was done"),
            Property.TOOLS: Choices(("git", "npm")),
            Property.HAS_ISSUES: Flag(ticked=True),
            Property.LOG_PATH: Text("cut…"),
        },
        body=(),
    )

"""The real client, and a Notion of our own that it talks to."""

from collections.abc import AsyncIterator

import pytest

from sync.notion.emulator import Emulator
from sync.notion.gateway import Gateway
from tests.worlds.emulated import notion_with
from tests.worlds.gateways import gateway_to


@pytest.fixture
def notion() -> Emulator:
    """A Notion with an empty AI Traces."""
    return notion_with()


@pytest.fixture
async def gateway(notion: Emulator) -> AsyncIterator[Gateway]:
    """A gateway to it that never waits."""
    async with gateway_to(notion) as gateway:
        yield gateway

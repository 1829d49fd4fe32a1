"""Bring the product's logs in step where that is where a test begins, not what it is about."""

import asyncio

from daemon.backfill.alone import backfill
from daemon.backfill.tally import Summary, Tally
from daemon.clock import utc_now
from daemon.config.settings import load
from daemon.session import open_session
from daemon.state_dir import open_state
from tests.installed.product import Product


def bring_in_step(product: Product) -> None:
    """Do in this process what `ai-traces backfill` does: half a second less than the start of another."""
    summary = asyncio.run(_summary(product))
    assert summary.in_step


async def _summary(product: Product) -> Summary:
    settings = load(product.settings, directory=product.home, config_dir=product.home)
    token = settings.notion_token
    assert token is not None
    tally = Tally()
    with open_state(settings.state_dir, now=utc_now()) as store:
        async with open_session(settings, token, store, transport=None, note=tally.note) as session:
            return await backfill(session, tally, (), stop=asyncio.Event(), show=lambda _: None)

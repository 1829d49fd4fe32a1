"""A desk whose logs have their pages."""

import pytest

from tests.worlds.link_desk import LinkDesk
from tests.worlds.place import Place


@pytest.fixture
async def desk(place: Place) -> LinkDesk:
    """Give a desk whose logs all have their pages."""
    desk = LinkDesk(place)
    for day in range(1, 5):
        desk.trouble(day)
    await place.run()
    place.notion.journal.clear()
    return desk

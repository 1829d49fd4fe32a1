"""Desks at which hand-offs are read."""

from pathlib import Path

import pytest

from tests.worlds.desk import CONTRACT, FEED, MAIL, Desk, desk_in


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Give an empty logs directory and a contract that has CRLF, a form feed and no final line end."""
    return desk_in(tmp_path, contract=CONTRACT)


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Give the same with twelve runs: the feed fails in five of them, the mail in three."""
    desk.trouble(range(5), FEED)
    desk.trouble(range(5, 8), MAIL, section="the part about mails", fix="Ask before a replay.")
    desk.quiet(range(8, 12))
    return desk

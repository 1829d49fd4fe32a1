"""A desk at which audits are made."""

from pathlib import Path

import pytest

from tests.worlds.desk import FEED, MAIL, SECRET, Desk, desk_in

_CONTRACT = (
    f"# Rules\r\n\r\nNOTION_TOKEN={SECRET}\r\n\r\n## Tool Usage Rules\r\n- Ask jen@example.com.\r\n\r\n"
    "## Logging\r\n- Logs are in /home/jen/logs."
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Give eight runs with something secret and personal: the feed fails in five, the mail in three."""
    desk = desk_in(tmp_path, contract=_CONTRACT)
    desk.here.mkdir()
    monkeypatch.chdir(desk.here)
    cause = f"Not known, with {SECRET}."
    desk.trouble(range(5), f"{FEED.rstrip('.')} for jen@example.com.", cause=cause)
    desk.trouble(range(5, 8), MAIL, cause=cause)
    return desk

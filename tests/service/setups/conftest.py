"""A machine and a Notion before the first setup."""

import sys
from pathlib import Path

import pytest

from daemon.setup.token_store import TokenKeeper
from daemon.setup.wishes import Wishes
from sync.notion.emulator import (
    AI_TRACES,
    Emulator,
)
from tests.worlds.setup_desk import SetupDesk


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SetupDesk:
    """Give a machine without settings or a keyring, and a Notion with an empty AI Traces."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    notion = Emulator()
    notion.create_database()
    return SetupDesk(tmp_path, notion)


@pytest.fixture
def given(desk: SetupDesk) -> Wishes:
    """Give everything that a setup without a person needs."""
    return Wishes(
        token_file=desk.token_file(), database=AI_TRACES, create=None, views=True, keeper=TokenKeeper.AUTO
    )

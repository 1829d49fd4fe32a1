"""Where setup puts the token, and what else is set nearby."""

import sys
from dataclasses import replace
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest

from daemon.config.credentials import find_token
from daemon.setup.token_store import TokenKeeper
from daemon.setup.wishes import Wishes
from sync.errors import AccessLost, ConfigurationError
from sync.notion.emulator import (
    AI_TRACES,
    DEMO_TOKEN,
)
from tests.worlds.setup_desk import NOTHING, OTHER, SetupDesk


def test_the_token_is_never_said(desk: SetupDesk, given: Wishes) -> None:
    """Neither when it is good nor when it is refused."""
    desk.run(given)
    desk.token_file("ntn_CANARY000000000000000000")
    with pytest.raises(AccessLost) as caught:
        desk.run(given)
    assert not any("ntn_" in line for line in [*desk.said, str(caught.value)])


def test_a_token_in_the_open_is_put_away(desk: SetupDesk) -> None:
    """NOTION_TOKEN in the settings file moves to a private file, and the line is emptied."""
    desk.env_file.parent.mkdir()
    desk.env_file.write_text(f"NOTION_TOKEN={DEMO_TOKEN}\n# the end\n")
    assert desk.run(NOTHING)
    assert DEMO_TOKEN not in desk.env_file.read_text()
    assert find_token(desk.machine.settings(), {}).token.reveal() == DEMO_TOKEN
    assert desk.run(NOTHING)
    assert "nothing was changed" in desk.said[-1]


def test_a_nearer_setting_that_says_otherwise_is_named(desk: SetupDesk, given: Wishes) -> None:
    """What wins over the settings file would keep the daemon from what was chosen."""
    desk.environ["NOTION_DATABASE_ID"] = OTHER
    assert not desk.run(given)
    assert any("NOTION_DATABASE_ID" in line for line in desk.said[-2:])


def test_a_broken_setting_is_mended_by_the_option(desk: SetupDesk, given: Wishes) -> None:
    """A database id that is none does not keep setup from writing a good one."""
    desk.env_file.parent.mkdir()
    desk.env_file.write_text("NOTION_DATABASE_ID=nonsense\n")
    assert desk.run(given)
    assert desk.machine.settings().notion_database_id == AI_TRACES


@pytest.mark.parametrize("keeper", [TokenKeeper.AUTO, TokenKeeper.KEYRING])
def test_the_keyring_comes_first(
    desk: SetupDesk, given: Wishes, monkeypatch: pytest.MonkeyPatch, keeper: TokenKeeper
) -> None:
    """Where there is one, no file holds the token, and a second run changes nothing."""
    held: dict[tuple[str, str], str] = {}
    keyring = ModuleType("keyring")
    keyring.__spec__ = ModuleSpec("keyring", None)
    vars(keyring)["set_password"] = lambda service, name, value: held.update({(service, name): value})
    vars(keyring)["get_password"] = lambda service, name: held.get((service, name))
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    assert desk.run(replace(given, keeper=keeper))
    assert held == {("ai-traces", "notion-token"): DEMO_TOKEN}
    assert not (desk.env_file.parent / "notion-token").exists()
    before = desk.files()
    assert desk.run(given)
    assert desk.files() == before


def test_a_keyring_that_is_wanted_and_not_there_is_an_error(desk: SetupDesk) -> None:
    """It is not quietly replaced by a file."""
    wishes = replace(NOTHING, token_file=desk.token_file(), keeper=TokenKeeper.KEYRING)
    with pytest.raises(ConfigurationError, match="keyring"):
        desk.run(wishes)
    assert not desk.env_file.exists()

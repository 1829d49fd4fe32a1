"""Finding the token: where it may be, in which order, and that it is shown nowhere."""

import os
import pickle
import re
import sys
from dataclasses import asdict, replace
from pathlib import Path
from types import ModuleType

import pytest

from daemon.config.credentials import Credential, find_token
from daemon.config.secret import Secret
from sync.errors import ConfigurationError
from tests.worlds.configured import TOKEN, settings


def test_a_secret_is_shown_to_who_asks() -> None:
    """It is equal to one of the same text, in a set too, and no representation has the text."""
    secret = Secret(TOKEN)
    assert secret.reveal() == TOKEN
    assert {secret} == {Secret(TOKEN)} != {Secret("other")}
    assert secret != TOKEN
    assert "CANARY" not in f"{secret} {secret!r} {[secret]} {asdict(Credential(secret, 'here'))}"


def test_a_secret_is_not_written_down() -> None:
    """Pickling refuses it, within other things too."""
    for each in (Secret(TOKEN), Credential(Secret(TOKEN), "here")):
        with pytest.raises(TypeError, match="never written down"):
            pickle.dumps(each)


def token_file(directory: Path, text: str = TOKEN + "\n", mode: int = 0o600) -> Path:
    """Write a token file."""
    file = directory / "notion-token"
    file.write_text(text)
    file.chmod(mode)
    return file


def test_the_token_is_looked_for_in_order(tmp_path: Path) -> None:
    """The systemd credential, then the file, then the variable; white space around it does not matter."""
    (tmp_path / "systemd").mkdir()
    (tmp_path / "own").mkdir()
    token_file(tmp_path / "systemd", "\n credential \n", 0o440)
    from_all = settings(
        {"NOTION_TOKEN": "variable", "NOTION_TOKEN_FILE": str(token_file(tmp_path / "own", "file\n"))}
    )
    by_service = {"CREDENTIALS_DIRECTORY": str(tmp_path / "systemd")}
    without_it = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    from_variable = settings({"NOTION_TOKEN": " variable "})
    found = [
        find_token(from_all, by_service),
        find_token(from_all, without_it),
        find_token(from_variable, {}),
    ]
    assert [each.token for each in found] == [
        Secret("credential"),
        Secret("file"),
        Secret("variable"),
    ]
    assert [each.source for each in found] == ["the systemd credential", "NOTION_TOKEN_FILE", "NOTION_TOKEN"]


def install_keyring(monkeypatch: pytest.MonkeyPatch, directory: Path, answer: str) -> None:
    """Have a keyring package that answers so."""
    (directory / "keyring.py").write_text(f"def get_password(service, name): {answer}\n")
    monkeypatch.syspath_prepend(directory)
    monkeypatch.setitem(sys.modules, "keyring", ModuleType("keyring"))  # so that it is removed in the end
    monkeypatch.delitem(sys.modules, "keyring")


def test_the_keyring_is_asked_last(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the keyring package is installed, it is asked for our entry when nothing else has a token."""
    install_keyring(monkeypatch, tmp_path, "return f'{service}/{name}'")
    assert find_token(settings({"NOTION_TOKEN": "variable"}), {}).source == "NOTION_TOKEN"
    found = find_token(settings({}), {})
    assert (found.token, found.source) == (Secret("ai-traces/notion-token"), "the system keyring")


@pytest.mark.parametrize("answer", ["return None", "raise OSError('locked')"])
def test_a_keyring_without_our_token_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: str
) -> None:
    """Empty or locked: the token is missing, and the error says all ways to give one."""
    install_keyring(monkeypatch, tmp_path, answer)
    with pytest.raises(ConfigurationError, match="There is no Notion token"):
        find_token(settings({}), {})


def test_a_missing_token_names_all_ways_to_give_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever has no token yet reads where it can go."""
    install_keyring(monkeypatch, tmp_path, "return None")
    with pytest.raises(ConfigurationError) as caught:
        find_token(settings({}), {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    for way in ("NOTION_TOKEN ", "NOTION_TOKEN_FILE", "systemd credential", "keyring", ".env"):
        assert way in str(caught.value)
    assert caught.value.hint.startswith("Run: ai-traces setup. ")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_token_file_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    """The error has the command that mends it."""
    file = token_file(tmp_path, mode=mode)
    with pytest.raises(ConfigurationError, match=re.escape(f"chmod 600 {file}")):
        find_token(settings({"NOTION_TOKEN_FILE": str(file)}), {})


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_token_file_of_another_user_is_refused(tmp_path: Path) -> None:
    """Somebody else could put another token there."""
    file = token_file(tmp_path)
    os.chown(file, 12345, -1)
    with pytest.raises(ConfigurationError, match="another user"):
        find_token(settings({"NOTION_TOKEN_FILE": str(file)}), {})


def test_a_token_file_that_is_none_is_named(tmp_path: Path) -> None:
    """Missing, or a directory: the error says which path."""
    for path in (tmp_path / "missing", tmp_path):
        with pytest.raises(ConfigurationError, match=re.escape(str(path))):
            find_token(settings({"NOTION_TOKEN_FILE": str(path)}), {})


@pytest.mark.parametrize(
    "text", ["", "  \n", f"{TOKEN}\n{TOKEN}", f"Bearer {TOKEN}", f"{TOKEN}é", f"{TOKEN}\0"]
)
def test_what_cannot_be_a_token_is_refused_without_showing_it(tmp_path: Path, text: str) -> None:
    """Empty, two lines, a copied header, a strange character: refused, and the text is in no error."""
    with pytest.raises(ConfigurationError) as caught:
        find_token(settings({"NOTION_TOKEN_FILE": str(token_file(tmp_path, text))}), {})
    assert "CANARY" not in str(caught.value)


def test_the_token_is_in_no_representation() -> None:
    """Neither the settings nor the credential show it."""
    found = settings({"NOTION_TOKEN": TOKEN, "AI_TRACES_BUDGET_URL": "redis://:CANARY@host"})
    assert (
        "CANARY"
        not in f"{found!r} {found} {asdict(replace(found, property_names={}))} {find_token(found, {})}"
    )

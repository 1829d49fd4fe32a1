"""Promises of what a service knows: settings and token, passed to it or taken from where they lie."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from daemon.config.credentials import find_token
from daemon.config.settings import load, set_nearby
from daemon.config.sources import GONE
from daemon.install.deployment import Scope
from daemon.install.gathering import acting_as, gather_deployment, owner, require_installable
from sync.errors import ConfigurationError

TOKEN = "ntn_CANARY00000000000000000000000000000000000000"


def _passed(directory: Path, **credentials: str) -> dict[str, str]:
    directory.mkdir()
    for name, text in credentials.items():
        (directory / name.replace("_", "-")).write_text(text, encoding="utf-8")
    return {"CREDENTIALS_DIRECTORY": str(directory)}


def test_settings_that_systemd_passes_are_the_settings(tmp_path: Path) -> None:
    """They stand in place of the file in the home, which a service of the machine cannot see."""
    (tmp_path / ".env").write_text("AI_TRACES_HOST=home\nAI_TRACES_LOG_LEVEL=debug\n", encoding="utf-8")
    environ = _passed(tmp_path / "credentials", settings="AI_TRACES_HOST=passed\n", notion_token=TOKEN)
    settings = load(environ, directory=Path("/no"), config_dir=tmp_path)
    assert (settings.host, settings.log_level) == ("passed", "info")
    assert find_token(settings, environ).token.reveal() == TOKEN
    assert load({**environ, "AI_TRACES_HOST": "here"}, directory=Path("/no")).host == "here"


def test_settings_that_are_gone_are_not_the_defaults(tmp_path: Path) -> None:
    """A service whose settings file was removed says so, and does not write to some other database."""
    with pytest.raises(ConfigurationError, match="settings file"):
        load(_passed(tmp_path / "credentials", settings=GONE), directory=Path("/no"))


def test_a_token_that_is_gone_is_told(tmp_path: Path) -> None:
    """It is not taken for a token, nor is another one looked for."""
    environ = _passed(tmp_path / "credentials", notion_token=f"{GONE}\n")
    settings = load({**environ, "NOTION_TOKEN": TOKEN}, directory=Path("/no"), config_dir=Path("/no"))
    with pytest.raises(ConfigurationError, match="token file"):
        find_token(settings, environ)


def test_what_is_set_nearby_is_what_the_file_does_not_say(tmp_path: Path) -> None:
    """From the environment and the directory's `.env`; equal values, strangers and blanks are left out."""
    general, here = tmp_path / "general", tmp_path / "here"
    for directory, text in (
        (general, "AI_TRACES_HOST=a\nAI_TRACES_REDACT=true\n"),
        (here, "AI_TRACES_HOST=b\n"),
    ):
        directory.mkdir()
        (directory / ".env").write_text(text, encoding="utf-8")
    environ = {
        "AI_TRACES_REDACT": "true",
        "AI_TRACES_LOG_LEVEL": "debug",
        "PATH": "/bin",
        "NOTION_TOKEN": " ",
    }
    found = set_nearby(environ, directory=here, config_dir=general)
    assert found == {"AI_TRACES_HOST": "b", "AI_TRACES_LOG_LEVEL": "debug"}


class Home:
    """A home with settings, a token and logs."""

    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = directory
        self.config = directory / ".config/ai-traces"
        self.config.mkdir(parents=True)
        self.token = self.config / "notion-token"
        self.token.write_text(TOKEN, encoding="ascii")
        self.token.chmod(0o600)
        (directory / "logs").mkdir()
        self.write(f"NOTION_TOKEN_FILE={self.token}", f"AI_TRACES_LOGS_DIR={directory}/logs")
        for name in list(os.environ):
            if name.startswith(("AI_TRACES_", "NOTION_", "XDG_")):
                monkeypatch.delenv(name)
        monkeypatch.setenv("HOME", str(directory))
        monkeypatch.chdir(directory)

    def write(self, *lines: str) -> None:
        """Write the settings."""
        (self.config / ".env").write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Give the home of who runs the test."""
    if sys.platform == "darwin":
        pytest.skip("the configuration directory is another one there")
    return Home(tmp_path, monkeypatch)


def _gather(scope: Scope) -> object:
    settings = load(os.environ)
    deployment = gather_deployment(settings, os.environ, user=pwd.getpwuid(os.geteuid()))
    require_installable(deployment, settings, scope)
    return deployment


@pytest.mark.parametrize("scope", Scope)
def test_a_service_is_made_from_what_setup_has_stored(home: Home, scope: Scope) -> None:
    """Token and settings are named, never copied; what only the shell says is told."""
    deployment = _gather(scope)
    assert TOKEN not in repr(deployment)
    assert str(home.token) in repr(deployment)
    assert str(home.config / ".env") in repr(deployment)


def test_what_only_the_shell_says_goes_along(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service has none of the shell's variables; directories are made absolute."""
    monkeypatch.setenv("AI_TRACES_LOGS_DIR", "other")
    monkeypatch.setenv("XDG_STATE_HOME", "/var/mine")
    (home.path / "other").mkdir()
    assert f"'AI_TRACES_LOGS_DIR': '{home.path}/other'" in repr(_gather(Scope.USER))
    assert "'XDG_STATE_HOME': '/var/mine'" in repr(_gather(Scope.USER))


def test_a_secret_that_no_service_needs_stays_in_the_shell(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key for a model is for commands that a person calls; the unit never holds it."""
    key = "sk-ant-CANARY0000000000000000"
    monkeypatch.setenv("ANTHROPIC_API_KEY", key)
    deployment = _gather(Scope.USER)
    assert key not in repr(deployment)
    assert home.token.exists()


def test_a_secret_of_the_shell_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would have to be written into the unit, which anybody can read."""
    monkeypatch.setenv("NOTION_TOKEN", TOKEN)
    with pytest.raises(ConfigurationError, match="NOTION_TOKEN") as refused:
        _gather(Scope.USER)
    assert TOKEN not in str(refused.value)
    assert "setup" in refused.value.hint
    assert home.token.exists()


def test_logs_that_are_not_there_are_told_before(home: Home) -> None:
    """Not by a unit that cannot start."""
    (home.path / "logs").rmdir()
    with pytest.raises(ConfigurationError, match="logs directory"):
        _gather(Scope.SYSTEM)


def test_whose_service_it_is() -> None:
    """Who is named, else who calls; nobody who does not exist."""
    me = pwd.getpwuid(os.geteuid())
    assert owner(Scope.USER, {"SUDO_USER": "nobody"}, None) == me
    assert owner(Scope.SYSTEM, {}, "nobody").pw_name == "nobody"
    with pytest.raises(ConfigurationError, match="no user"):
        owner(Scope.SYSTEM, {}, "nobody-of-that-name")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as somebody else")
def test_acting_as_somebody_is_seeing_and_making_files_as_they_do() -> None:
    """In a process of its own: files that are made are theirs, `~` is their home, and it ends."""
    program = """
import os, pathlib, pwd, sys
from daemon.install.gathering import acting_as
user = pwd.getpwnam("nobody")
before = (os.geteuid(), os.getegid(), os.getgroups(), os.environ.get("HOME"))
with acting_as(user):
    assert os.path.expanduser("~") == user.pw_dir
    pathlib.Path(sys.argv[1], "made").touch()
    assert not os.access("/etc/shadow", os.R_OK, effective_ids=True)
assert (os.geteuid(), os.getegid(), os.getgroups(), os.environ.get("HOME")) == before
"""
    name = Path(f"/var/tmp/acting-{os.getpid()}")  # noqa: S108 - somebody else has to reach it
    name.mkdir()
    name.chmod(0o777)
    subprocess.run([sys.executable, "-c", program, str(name)], check=True, timeout=60, cwd=Path.cwd())
    assert (name / "made").stat().st_uid == pwd.getpwnam("nobody").pw_uid
    (name / "made").unlink()
    name.rmdir()


def test_acting_as_oneself_changes_nothing() -> None:
    """No privilege is needed for one's own service."""
    before = dict(os.environ)
    with acting_as(pwd.getpwuid(os.geteuid())):
        assert dict(os.environ) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as somebody else")
def test_a_program_out_of_its_user_s_reach_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when root has installed it in its own home: the error says whose home it belongs into."""
    program = tmp_path / "root" / "python"
    program.parent.mkdir(mode=0o700)
    program.symlink_to(sys.executable)
    monkeypatch.setattr(sys, "executable", str(program))
    somebody = pwd.getpwuid(65534)
    settings = load({}, directory=Path("/no"), config_dir=Path("/no"))
    with acting_as(somebody), pytest.raises(ConfigurationError, match=f"{somebody.pw_name} cannot reach"):
        gather_deployment(settings, {}, user=somebody)

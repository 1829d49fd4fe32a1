"""Gather what a service is made from, and check that it could work."""

import grp
import os
import pwd
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import daemon
from daemon.config.credentials import CREDENTIAL, find_token
from daemon.config.settings import SETTINGS, Settings, set_nearby
from daemon.config.sources import general_file
from daemon.here import here
from daemon.install.deployment import Deployment, Scope
from daemon.install.sandbox import is_hidden
from sync.errors import ConfigurationError

_SECRET = frozenset(("NOTION_TOKEN", "AI_TRACES_BUDGET_URL"))
_UNNEEDED = frozenset(("ANTHROPIC_API_KEY",))
"""Secrets of commands that a person runs; no service needs them."""
_PLACES = ("XDG_CONFIG_HOME", "XDG_STATE_HOME")
"""Variables that decide where settings and state are; a service manager may have other values."""


def gather_deployment(
    settings: Settings, environ: Mapping[str, str], *, user: pwd.struct_passwd
) -> Deployment:
    """Return what a service for a user is made from.

    Args:
        settings: The user's settings.
        environ: The environment from which they were loaded.
        user: The user.

    Raises:
        ConfigurationError: The user may not run this program.
    """
    settings_file, nearby = general_file(), set_nearby(environ, directory=here())
    return Deployment(
        program=Path(sys.executable).with_name("ai-traces"),
        runtime=_reachable_runtime(user),
        user=user.pw_name,
        group=_group(user.pw_gid),
        home=Path.home(),
        logs_dir=settings.logs_dir,
        state_dir=settings.state_dir,
        settings_file=settings_file if settings_file.is_file() else None,
        token_file=_token_file(settings, nearby),
        environment=_environment(settings, environ, nearby),
    )


def require_installable(deployment: Deployment, settings: Settings, scope: Scope) -> None:
    """Check that a service would find its program, its token and its logs.

    Raises:
        ConfigurationError: It would not; the error says what to do.
    """
    if not os.access(deployment.program, os.X_OK):
        raise ConfigurationError(
            f"There is no program {deployment.program} that a service could start",
            "Install ai-traces as docs/install.md says, and call it from there",
        )
    nearby = set_nearby(os.environ, directory=here())
    if secrets := sorted(_SECRET & nearby.keys()):
        raise ConfigurationError(
            f"{' and '.join(secrets)}: set in this shell or directory, where no service sees it",
            f"Run `ai-traces setup`, which keeps it in a safe place, or write it into {general_file()}",
        )
    source = find_token(settings, {}).source
    if scope is Scope.SYSTEM and source == "the system keyring":
        raise ConfigurationError(
            "The Notion token is in the keyring, which a system service cannot open",
            f"Write the token into {general_file().with_name(CREDENTIAL)}, only readable by you (chmod 600), "
            "and that path as NOTION_TOKEN_FILE into the settings",
        )
    if not os.access(settings.logs_dir, os.R_OK | os.X_OK, effective_ids=True):
        raise ConfigurationError(
            f"The logs directory {settings.logs_dir} is not there, or {deployment.user} may not read it",
            "Make it, or set AI_TRACES_LOGS_DIR to the directory that Claude writes its logs to",
        )


@contextmanager
def acting_as(user: pwd.struct_passwd) -> Iterator[None]:
    """Access files as another user, with that user's home as `~`; only root may do so.

    For the user of this process it does nothing.
    """
    if user.pw_uid == os.geteuid():
        yield
        return
    before = {name: os.environ.get(name) for name in ("HOME", *_PLACES)}
    groups, group = os.getgroups(), os.getegid()
    os.initgroups(user.pw_name, user.pw_gid)
    os.setegid(user.pw_gid)
    os.seteuid(user.pw_uid)
    os.environ["HOME"] = user.pw_dir
    for name in _PLACES:
        os.environ.pop(name, None)
    try:
        yield
    finally:
        os.seteuid(os.getuid())
        os.setegid(group)
        os.setgroups(groups)
        for name, value in before.items():
            _restore(name, value)


def owner(scope: Scope, environ: Mapping[str, str], named: str | None) -> pwd.struct_passwd:
    """Return the user that the service runs as: the named one, else the caller, even through sudo.

    Raises:
        ConfigurationError: There is no such user.
    """
    caller = environ.get("SUDO_USER") if scope is Scope.SYSTEM and os.geteuid() == 0 else None
    name = named or caller
    try:
        return pwd.getpwnam(name) if name else pwd.getpwuid(os.geteuid())
    except KeyError:
        raise ConfigurationError(
            f"This machine has no user {name or os.geteuid()}",
            "Give --user the name of their owner",
        ) from None


def _restore(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


def _group(number: int) -> str:
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)


def _token_file(settings: Settings, nearby: Mapping[str, str]) -> Path | None:
    """Return the token's file, which may yet be made by `ai-traces setup`; None if the settings hold it."""
    if settings.notion_token_file is not None:
        return settings.notion_token_file
    is_in_settings = settings.notion_token is not None and "NOTION_TOKEN" not in nearby
    return None if is_in_settings else general_file().with_name(CREDENTIAL)


def _environment(settings: Settings, environ: Mapping[str, str], nearby: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that the service needs beside the settings file."""
    attributes = {setting.name: attribute for attribute, setting in SETTINGS.items()}
    pinned = {name: environ[name] for name in _PLACES if environ.get(name)}
    for name in sorted(nearby.keys() - _SECRET - _UNNEEDED):
        value = getattr(settings, attributes[name])
        pinned[name] = str(value) if isinstance(value, Path) else nearby[name]
    return pinned


def _reachable_runtime(user: pwd.struct_passwd) -> tuple[Path, ...]:
    try:
        return _runtime()
    except PermissionError as error:
        raise ConfigurationError(
            f"The user {user.pw_name} cannot reach what the service would start ({error.filename})",
            f"Install ai-traces as {user.pw_name}, as docs/install.md says, and call it from there",
        ) from error


def _runtime() -> tuple[Path, ...]:
    """Return the directories of Python and of this package, by every name that they have."""
    interpreter, places = Path(sys.executable), {Path(sys.prefix), Path(sys.base_prefix)}
    while interpreter.is_symlink():
        interpreter = interpreter.parent / interpreter.readlink()
        places.add(Path(os.path.normpath(interpreter)).parent.parent)
    places.add(Path(daemon.__file__).parents[1])
    named = {*places, *(place.resolve() for place in places)}
    return tuple(sorted(place for place in named if is_hidden(place)))

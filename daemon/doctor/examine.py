"""Run all checks within a few seconds, even if something hangs."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import httpx

from daemon.config.credentials import Credential, find_token
from daemon.config.settings import Settings, load
from daemon.doctor.check import Area, Check, Examiner
from daemon.doctor.files import file_checks
from daemon.doctor.later import Later
from daemon.doctor.machine import owners_of_packages, package_check, way_checks, work_checks
from daemon.doctor.notion_checks import notion_checks, unasked
from daemon.doctor.notion_probe import probe
from daemon.install.service_state import ServiceState
from sync.errors import ConfigurationError, StateUnusable
from sync.names import Property
from sync.state.facts import remembered_property_ids
from sync.state.store import Store

_SETTINGS = Examiner(Area.SETTINGS)

# Time limits in seconds. Together with the start they stay below five.
_FOR_TOKEN = 0.8
_FOR_NOTION = 2.8
_FOR_ALL = 4.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Ward:
    """What is examined.

    Attributes:
        environ: The environment.
        directory: The current directory.
        config_dir: The directory of the settings file.
        service: Returns the state of the service.
        now: Returns the current time.
        transport: Replaces the network, for tests; None for the network.
    """

    environ: Mapping[str, str]
    directory: Path
    config_dir: Path
    service: Callable[[], ServiceState]
    now: Callable[[], datetime]
    transport: httpx.AsyncBaseTransport | None


def examine(ward: Ward) -> tuple[Check, ...]:
    """Check everything and return the checks in the order of the screen."""
    ends = time.monotonic() + _FOR_ALL
    packages = Later(owners_of_packages)
    found: list[Check] = []
    try:
        settings = load(ward.environ, directory=ward.directory, config_dir=ward.config_dir)
    except ConfigurationError as error:
        found += [_SETTINGS.bad("Settings", error.what, error.hint)]
        found += unasked("the settings cannot be used")
    else:
        found += _of_settings(settings, ward, ends)
    owners = packages.within(max(0.0, ends - time.monotonic()))
    found += [package_check(owners or {})]
    order = list(Area)
    return tuple(sorted(found, key=lambda check: order.index(check.area)))


def _of_settings(settings: Settings, ward: Ward, ends: float) -> Iterator[Check]:
    """Yield the checks that need settings; what may hang is started first."""
    files = Later(lambda: list(file_checks(settings)))
    service = Later(ward.service)
    token = Later(partial(_token, settings, ward.environ))
    yield _source(ward)
    yield from (
        _SETTINGS.remark("Settings", stray, "Correct it where it is set") for stray in settings.misspelt
    )
    match token.within(_FOR_TOKEN):
        case Credential() as credential:
            yield _SETTINGS.good("Token", f"found in {credential.source}")
            yield from _of_notion(settings, credential, ward)
        case ConfigurationError(what=what):
            yield _SETTINGS.bad("Token", what, "Run: ai-traces setup")
            yield from unasked("there is no usable token")
        case None:
            yield _SETTINGS.bad(
                "Token", "the system keyring does not answer", "Unlock it, then run this again"
            )
            yield from unasked("there is no token yet")
    yield from way_checks(settings, ward.environ)
    seen = files.within(max(0.0, ends - time.monotonic()))
    yield from seen if seen is not None else [_hanging(settings.logs_dir)]
    yield from work_checks(settings.state_dir, service.within(max(0.0, ends - time.monotonic())))


def _source(ward: Ward) -> Check:
    files = [file for file in (ward.directory / ".env", ward.config_dir / ".env") if file.exists()]
    if not files:
        return _SETTINGS.good(
            "Settings", "from the environment, else the defaults; there is no settings file"
        )
    return _SETTINGS.good("Settings", f"from the environment, {', '.join(map(str, dict.fromkeys(files)))}")


def _token(settings: Settings, environ: Mapping[str, str]) -> Credential | ConfigurationError:
    try:
        return find_token(settings, environ)
    except ConfigurationError as error:
        return error


def _of_notion(settings: Settings, credential: Credential, ward: Ward) -> Iterator[Check]:
    try:
        seen = asyncio.run(
            probe(
                settings,
                credential.token,
                ids=_known_ids(settings.state_dir),
                within=_FOR_NOTION,
                now=ward.now,
                transport=ward.transport,
            )
        )
    except ConfigurationError as error:
        name = "Connection" if settings.budget_url is None else "Budget"
        yield _SETTINGS.bad(name, error.what, error.hint)
        yield from unasked("what is wrong with the settings comes first")
        return
    yield from notion_checks(seen, base_url=settings.notion_base_url, manage_schema=settings.manage_schema)


def _known_ids(state_dir: Path) -> dict[Property, str]:
    """Return the property ids that the state remembers; none if it cannot be read."""
    try:
        store = Store.open_existing(state_dir)
        if store is None:
            return {}
        with store:
            return remembered_property_ids(store)
    except StateUnusable:
        return {}


def _hanging(logs_dir: Path) -> Check:
    return Examiner(Area.FILES).bad(
        "Files",
        f"{logs_dir} or the state directory does not answer",
        "A network file system may hang: see whether `ls` there comes back",
    )

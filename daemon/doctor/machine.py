"""Checks of this machine: its packages, the way to Notion, the running process, the service."""

import importlib.metadata
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from daemon.config.settings import Settings
from daemon.config.sources import APPLICATION
from daemon.doctor.check import Area, Check, Examiner
from daemon.install.service_state import Phase, ServiceState, state_sentences
from daemon.presence.pulse import Working, at_work

_EXAMINER = Examiner(Area.MACHINE)
_OURS = ("daemon", "sync")
_PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_LOOPBACK = frozenset(("127.0.0.1", "::1", "localhost"))


def package_check(owners: Mapping[str, Iterable[str]]) -> Check:
    """Check that no other distribution has overwritten our packages.

    Args:
        owners: The distributions that each top-level package belongs to.
    """
    others = sorted(
        {_canonical(name) for package in _OURS for name in owners.get(package, ())} - {APPLICATION}
    )
    version = importlib.metadata.version(APPLICATION)
    if not others:
        return _EXAMINER.good("Packages", f"ai-traces {version}, its packages are its own")
    return _EXAMINER.bad(
        "Packages",
        f"{', '.join(others)} is installed beside ai-traces and overwrites files of its packages",
        "Install ai-traces in an environment of its own, for example: pipx install ai-traces",
    )


def owners_of_packages() -> Mapping[str, Iterable[str]]:
    """Return the distributions that each top-level package of this environment belongs to."""
    return importlib.metadata.packages_distributions()


def way_checks(settings: Settings, environ: Mapping[str, str]) -> Iterator[Check]:
    """Yield the checks of what lies between this machine and Notion."""
    proxy = next((environ[name] for name in _PROXIES if environ.get(name)), None)
    yield _EXAMINER.good("Proxy", "none") if proxy is None else _proxy(proxy)
    yield _certificates(environ)
    base = urlsplit(settings.notion_base_url)
    if base.scheme != "https" and base.hostname not in _LOOPBACK:
        yield _EXAMINER.bad(
            "TLS",
            f"{settings.notion_base_url} is not encrypted: the token and the logs travel in the open",
            "Set NOTION_BASE_URL to an address that begins with https://",
        )


def _proxy(address: str) -> Check:
    """Check the proxy, and name it by its host alone, as its address may hold a password."""
    try:
        host = urlsplit(address if "://" in address else f"http://{address}").hostname
    except ValueError:
        host = None
    if host is None:
        return _EXAMINER.bad("Proxy", "its address cannot be read", "Correct HTTPS_PROXY: http://HOST:PORT")
    return _EXAMINER.good("Proxy", host)


def _certificates(environ: Mapping[str, str]) -> Check:
    given = {name: environ[name] for name in _CERTIFICATES if environ.get(name)}
    for name, path in given.items():
        if not Path(path).exists():
            return _EXAMINER.bad(
                "Certificates", f"{name} names {path}, which is not there", f"Correct {name}, or unset it"
            )
    if given:
        return _EXAMINER.good("Certificates", f"set by {' and '.join(given)}")
    return _EXAMINER.good("Certificates", "those that come with Python's certifi")


def work_checks(state_dir: Path, service: ServiceState | None) -> Iterator[Check]:
    """Yield the checks of the process that holds the state, and of the service.

    Args:
        state_dir: The state directory.
        service: The state of the service; None if its manager did not answer in time.
    """
    working = at_work(state_dir)
    yield from _working(working)
    yield _service(service, is_running=working is not None)


def _working(working: Working | None) -> Iterator[Check]:
    if working is None:
        return
    pulse = working.pulse
    role = pulse.role.value if pulse is not None else "daemon"
    troubles = () if pulse is None else (pulse.outage, pulse.impairment, pulse.alone)
    if not any(troubles):
        yield _EXAMINER.good("At work", f"the {role}, as process {working.pid}")
        return
    for trouble in troubles:
        if trouble is None:
            continue
        find = _EXAMINER.bad if trouble.needs_a_person else _EXAMINER.remark
        yield find(
            "At work",
            f"the {role}, as process {working.pid}, since {_moment(trouble.since)}: {trouble.what}",
            trouble.hint,
        )


def _service(service: ServiceState | None, *, is_running: bool) -> Check:
    if service is None:
        return _EXAMINER.remark("Service", "its manager did not say how it is", "ai-traces service status")
    first, *more = state_sentences(service)
    match service.phase:
        case Phase.RUNNING | Phase.STARTING | Phase.WAITING:
            return _EXAMINER.good("Service", first)
        case Phase.ABSENT:
            rest = "what runs now was started in another way" if is_running else "nothing runs"
            return _EXAMINER.remark(
                "Service", f"not installed; {rest}", f"To have it run by itself: {service.hint}"
            )
        case _:
            return _EXAMINER.bad("Service", "; ".join([first, *more[:-1]]), service.hint)


def _moment(since: datetime) -> str:
    return f"{since:%Y-%m-%d %H:%M} UTC"


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()

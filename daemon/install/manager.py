"""The service manager of this machine, and the service that is meant."""

import platform
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from daemon.install.deployment import Platform, Scope
from daemon.install.launchd import Launchd
from daemon.install.service_state import ABSENT, ServiceState
from daemon.install.systemd import Systemd
from sync.errors import ConfigurationError

Manager: TypeAlias = Systemd | Launchd


def platform_here() -> Platform:
    """Return the platform of this machine.

    Raises:
        ConfigurationError: It has no service manager that is supported.
    """
    match platform.system():
        case "Linux":
            return Platform.LINUX
        case "Darwin":
            return Platform.MACOS
        case other:
            raise ConfigurationError(
                f"There is no service for {other} yet", "Run `ai-traces run` under what starts programs there"
            )


def manager_of(scope: Scope) -> Manager:
    """Return the manager of the user's service or of the machine's."""
    match platform_here():
        case Platform.LINUX:
            return Systemd(scope)
        case Platform.MACOS:
            return Launchd(Path.home())


def nearest(scope: Scope) -> Manager:
    """Return the manager of the service in this scope, or of the machine's if only that is installed."""
    manager = manager_of(scope)
    if isinstance(manager, Systemd) and not manager.is_installed:
        machine = Systemd(Scope.SYSTEM)
        return machine if machine.is_installed else manager
    return manager


def service_now() -> ServiceState:
    """Return the state of the user's service, or of the machine's if only that is installed."""
    match platform.system():
        case "Darwin":
            return nearest(Scope.USER).state()
        case "Linux" if shutil.which("systemctl"):
            manager = nearest(Scope.USER)
            return manager.state() if manager.is_installed else ABSENT
        case _:
            return replace(ABSENT, hint="start `ai-traces run` by what starts programs here")

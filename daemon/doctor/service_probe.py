"""How the service is, whichever of them there is."""

import platform
import shutil
from dataclasses import replace
from pathlib import Path

from daemon.install.deployment import Scope
from daemon.install.launchd import Launchd
from daemon.install.service_state import ABSENT, ServiceState
from daemon.install.systemd import Systemd

_NO_MANAGER = replace(ABSENT, hint="start `ai-traces run` by what starts programs here")


def service_now() -> ServiceState:
    """Return how the user's service is; where there is none, how that of the machine is."""
    match platform.system():
        case "Darwin":
            return Launchd(Path.home()).state()
        case "Linux" if shutil.which("systemctl"):
            installed = (each for each in map(Systemd, (Scope.USER, Scope.SYSTEM)) if each.is_installed)
            manager = next(installed, None)
            return ABSENT if manager is None else manager.state()
        case _:
            return _NO_MANAGER

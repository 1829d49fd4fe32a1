"""How to install the optional dependencies."""

import importlib.metadata
import re
import shlex
import sys

_REQUIREMENT = re.compile(r"""(?P<what>[^;]+);.*extra\s*==\s*["'](?P<extra>[\w-]+)["']""")


def installing(extra: str) -> str:
    """Return the command that installs an extra's libraries into this program's environment.

    It names the libraries one by one, as ai-traces itself may not come from a package index.
    """
    found = map(_REQUIREMENT.match, importlib.metadata.requires("ai-traces") or ())
    libraries = [each["what"].strip() for each in found if each is not None and each["extra"] == extra]
    return shlex.join((sys.executable, "-m", "pip", "install", *(libraries or [f"ai-traces[{extra}]"])))

"""What has to be installed for what not everybody needs, and how."""

import importlib.metadata
import re
import shlex
import sys

_REQUIREMENT = re.compile(r"""(?P<what>[^;]+);.*extra\s*==\s*["'](?P<extra>[\w-]+)["']""")


def installing(extra: str) -> str:
    """Return the command that installs the libraries of an extra into the environment of this program.

    They are named one by one: ai-traces itself may have come from a directory and be in no index.
    """
    found = map(_REQUIREMENT.match, importlib.metadata.requires("ai-traces") or ())
    libraries = [each["what"].strip() for each in found if each is not None and each["extra"] == extra]
    return shlex.join((sys.executable, "-m", "pip", "install", *(libraries or [f"ai-traces[{extra}]"])))

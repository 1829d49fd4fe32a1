"""Change values in a settings file, keeping its comments, its other lines and their order."""

import io
import re
from collections.abc import Mapping

from dotenv import dotenv_values
from dotenv.parser import Binding, parse_stream

from sync.errors import ConfigurationError

_PLAIN = re.compile(r"[A-Za-z0-9_./:@~+,%-]*")


def with_values(text: str, values: Mapping[str, str]) -> str:
    """Return the text of a settings file with these values; new variables are added at the end.

    Raises:
        ConfigurationError: A value cannot be written so that it reads back unchanged.
    """
    bindings = list(parse_stream(io.StringIO(text)))
    last = {binding.key: place for place, binding in enumerate(bindings) if binding.key in values}
    lines = [
        _assignment(binding, values[binding.key])
        if binding.key is not None and last.get(binding.key) == place
        else binding.original.string
        for place, binding in enumerate(bindings)
    ]
    written = "".join(lines)
    for name, value in values.items():
        if name not in last:
            written += ("" if not written or written.endswith(("\n", "\r")) else "\n") + _line(name, value)
    read = value_in(written, *values)
    if read != dict(values):
        unreadable = ", ".join(name for name in values if read[name] != values[name])
        raise ConfigurationError(
            f"{unreadable} cannot be written to a settings file", "Choose a path without quotes, $ and braces"
        )
    return written


def value_in(text: str, *names: str) -> dict[str, str]:
    """Return the values of these variables in a settings file; empty for those that it does not set."""
    found = dotenv_values(stream=io.StringIO(text))
    return {name: (found.get(name) or "") for name in names}


def _assignment(binding: Binding, value: str) -> str:
    """Return the line of a variable with another value, keeping the blank lines before it."""
    original = binding.original.string
    before = original[: len(original) - len(original.lstrip())]
    exported = "export " if original.lstrip().startswith("export ") else ""
    return f"{before}{exported}{_line(binding.key or '', value)}"


def _line(name: str, value: str) -> str:
    if _PLAIN.fullmatch(value):
        return f"{name}={value}\n"
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"{name}='{escaped}'\n"

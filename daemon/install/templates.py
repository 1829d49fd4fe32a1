"""The templates in `deploy/`, which are part of the package."""

from collections.abc import Mapping
from importlib import resources
from string import Template


def filled(name: str, values: Mapping[str, str]) -> str:
    """Return a template with its values; a line that is only a value, and that empty, is left out.

    Args:
        name: Below `deploy/`, such as `systemd/scheduled.timer`.
        values: What stands for each `${name}`; one with several lines stands on a line of its own.
    """
    text = resources.files("daemon.install").joinpath("deploy", *name.split("/")).read_text("utf-8")
    absent = {f"${{{name}}}" for name, value in values.items() if not value}
    lines = (line for line in text.splitlines(keepends=True) if line.strip() not in absent)
    return Template("".join(lines)).substitute(values)

"""Fill in the templates of `deploy/`, which are part of the package."""

from collections.abc import Mapping
from importlib import resources
from string import Template


def filled(name: str, values: Mapping[str, str]) -> str:
    """Return a filled-in template, without the lines that consist of an empty value.

    Args:
        name: The path below `deploy/`, such as `systemd/scheduled.timer`.
        values: The value of each `${name}`; one of several lines needs a line of its own in the template.
    """
    text = resources.files("daemon.install").joinpath("deploy", *name.split("/")).read_text("utf-8")
    absent = {f"${{{name}}}" for name, value in values.items() if not value}
    lines = (line for line in text.splitlines(keepends=True) if line.strip() not in absent)
    return Template("".join(lines)).substitute(values)

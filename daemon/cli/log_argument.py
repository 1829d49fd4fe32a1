"""The argument PATH of several commands, with shell completion."""

import os

import click
from click.shell_completion import CompletionItem

from daemon.config.settings import load
from sync.errors import SyncError


class LogPathType(click.ParamType[str]):
    """A log or a directory of logs, relative to here or to the logs directory."""

    name = "path"

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        param: click.Parameter,  # noqa: ARG002 - same
        incomplete: str,
    ) -> list[CompletionItem]:
        """Offer the matching logs and directories; nothing if the settings are unusable."""
        try:
            root = load(os.environ).logs_dir
        except SyncError:
            return []
        directory, _, beginning = incomplete.rpartition("/")
        try:
            entries = sorted(os.scandir(root / directory), key=lambda entry: entry.name)
        except OSError:
            return []
        return [
            CompletionItem(f"{directory}/{entry.name}" if directory else entry.name, type="plain")
            for entry in entries
            if entry.name.startswith(beginning) and not entry.name.startswith(".") and _offered(entry)
        ]


def _offered(entry: "os.DirEntry[str]") -> bool:
    return entry.is_dir(follow_symlinks=False) or entry.name.endswith(".md")


logs_argument = click.argument("paths", nargs=-1, metavar="[PATH]...", type=LogPathType())
"""Gives a command its argument `paths`."""

"""The layout of `--help`: as wide as the terminal, with no text cut and no word broken."""

import re
import shutil
from collections.abc import Iterable

import click

from daemon.status.columns import width, wrapped

_WIDEST = 80
"""Columns beyond which sentences are hard to read."""

_NARROWEST = 24
"""The narrowest layout, in columns."""

_NARROW = 60
"""Columns below which terms get at most a third of a line."""


class _Page(click.HelpFormatter):
    """Lay out the help page of one command."""

    def __init__(
        self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None
    ) -> None:
        here = min(shutil.get_terminal_size().columns, max_width or _WIDEST)
        super().__init__(indent_increment, width or max(here, _NARROWEST))

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line, wrapped below the command's name."""
        begun = prefix or "Usage: "
        for line in wrapped(f"{prog} {args}".strip(), columns=self.width - len(begun)):
            self.write(f"{begun}{line}\n")
            begun = " " * len(begun)

    def write_text(self, text: str) -> None:
        """Write wrapped paragraphs."""
        indent = " " * self.current_indent
        for number, paragraph in enumerate(re.split(r"\n\s*\n", text.strip())):
            self.write("\n" if number else "")
            for line in self._lines(paragraph):
                self.write(f"{indent}{line}\n")

    def _lines(self, paragraph: str) -> Iterable[str]:
        """Return the lines of a paragraph; a command with line continuations stays as it is, to be copied."""
        if "\\\n" in paragraph:
            return paragraph.splitlines()
        return wrapped(" ".join(paragraph.split()), columns=self.width - self.current_indent)

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write terms with their meaning beside them, or below a long term."""
        rows, indent = list(rows), " " * self.current_indent
        most = col_max if self.width >= _NARROW else self.width // 3
        column = min(most, max(width(term) for term, _ in rows)) + len(indent) + col_spacing
        for term, meaning in rows:
            begun = f"{indent}{term}"
            if width(begun) > column - col_spacing:
                self.write(f"{begun}\n")
                begun = ""
            for line in wrapped(" ".join(meaning.split()), columns=self.width - column):
                self.write(f"{begun}{' ' * (column - width(begun))}{line}\n")
                begun = ""


class HelpContext(click.Context):
    """A click context whose help has this layout."""

    formatter_class = _Page


def laid_out(command: click.Command) -> click.Command:
    """Give a command and its subcommands this layout, and return the command."""
    command.context_class = HelpContext
    if isinstance(command, click.Group):
        for below in command.commands.values():
            laid_out(below)
            below.short_help = below.short_help or (below.help or "").partition("\n\n")[0]
    return command

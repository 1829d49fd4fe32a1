"""The changes that setup is about to make, as a value that is shown first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from daemon.titles import titled
from sync.amounts import counted
from sync.notion.schema import type_in_words

_WIDTH = 66


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is still missing.

    Attributes:
        below: The title of the page below which a new database is made; None if there is a database.
        properties: The properties to add: the type of each by its name.
        views: The names of the views to make.
        token: Whether the token has to be stored.
        settings: The variables to add to the settings file.
        settings_file: The settings file.
    """

    below: str | None
    properties: Mapping[str, str]
    views: Sequence[str]
    token: bool
    settings: Mapping[str, str]
    settings_file: Path

    @property
    def is_empty(self) -> bool:
        """Whether everything is in place."""
        return not (self.below is not None or self.properties or self.views or self.token or self.settings)

    def lines(self) -> Iterator[str]:
        """Yield the changes as lines of text, first those in Notion, then those on this machine."""
        if self.below is not None or self.properties or self.views:
            yield "In Notion:"
        if self.below is not None:
            yield f"  + the database AI Traces, below {titled(self.below, 'page')}"
        if self.properties:
            properties = counted(len(self.properties), "property", plural="properties")
            yield f"  + {properties}; no other is touched:"
            yield from _wrapped([f"{name} ({type_in_words(kind)})" for name, kind in self.properties.items()])
        if self.views:
            yield f"  + {counted(len(self.views), 'view')}; no other is touched:"
            yield from _wrapped(self.views)
        if self.token or self.settings:
            yield "On this machine:"
        if self.token:
            yield "  + the token, kept where only you can read it"
        if self.settings:
            yield f"  + {', '.join(self.settings)} in {self.settings_file}"


def _wrapped(words: Sequence[str]) -> Iterator[str]:
    line = ""
    for word in words:
        if line and len(line) + len(word) + 2 > _WIDTH:
            yield f"      {line},"
            line = word
        else:
            line = f"{line}, {word}" if line else word
    yield f"      {line}"

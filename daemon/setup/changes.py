"""What setup is about to change, as a value: it is shown before anything is touched."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from daemon.titles import titled
from sync.notion.schema import type_in_words

_WIDTH = 66


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is missing until the mirror works.

    Attributes:
        below: The title of the page that a new database is made below; None when there is a database.
        properties: The names of the properties to add, by the type that each gets.
        views: The names of the views to make.
        token: The token has to be put somewhere safe.
        settings: What the settings file has to say and does not say yet.
        settings_file: Where that is.
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
        """Say in lines what will change, first in Notion, then on this machine."""
        if self.below is not None or self.properties or self.views:
            yield "In Notion:"
        if self.below is not None:
            yield f"  + the database AI Traces, below {titled(self.below, 'page')}"
        if self.properties:
            yield f"  + {counted(len(self.properties), 'property', 'properties')}; no other is touched:"
            yield from _wrapped([f"{name} ({type_in_words(kind)})" for name, kind in self.properties.items()])
        if self.views:
            yield f"  + {counted(len(self.views), 'view', 'views')}; no other is touched:"
            yield from _wrapped(self.views)
        if self.token or self.settings:
            yield "On this machine:"
        if self.token:
            yield "  + the token, kept where only you can read it"
        if self.settings:
            yield f"  + {', '.join(self.settings)} in {self.settings_file}"


def counted(count: int, one: str, many: str) -> str:
    """Return a number with what it counts."""
    return f"{count} {one if count == 1 else many}"


def _wrapped(words: Sequence[str]) -> Iterator[str]:
    line = ""
    for word in words:
        if line and len(line) + len(word) + 2 > _WIDTH:
            yield f"      {line},"
            line = word
        else:
            line = f"{line}, {word}" if line else word
    yield f"      {line}"

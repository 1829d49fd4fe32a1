"""A page as it should be: the value that the planner compares with what is there."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeAlias

from sync.names import Digest, Key, Property
from sync.page.blocks import Block


@dataclass(frozen=True, slots=True)
class Text:
    """A text value, cut to what a property holds; the body carries the whole."""

    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One option; None clears the property."""

    option: str | None


@dataclass(frozen=True, slots=True)
class Choices:
    """Several options, each once, whatever its case."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """A day or a point in time; None clears the property."""

    start: datetime | date | None


@dataclass(frozen=True, slots=True)
class Flag:
    """A tick."""

    ticked: bool


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to an address."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Links:
    """Links, each on a line of its own."""

    links: tuple[Link, ...]

    @property
    def text(self) -> str:
        """What a reader sees."""
        return "\n".join(link.text for link in self.links)


Value: TypeAlias = Text | Choice | Choices | Moment | Flag | Links

_LEADS = "@"
"""Begins the word for where links lead: by it a fingerprint tells that there were links."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDraft:
    """What the page of one log should be.

    Attributes:
        key: The value of `Log Path`.
        content_hash: The digest of the file's bytes, the value of `Content Hash`.
        icon: One emoji.
        properties: A value for every managed property.
        body: The top-level blocks in order; every limit of a single block holds.
    """

    key: Key
    content_hash: Digest
    icon: str
    properties: Mapping[Property, Value]
    body: tuple[Block, ...]


def unvouched(draft: PageDraft) -> PageDraft:
    """Return the draft without its content hash: what a page holds until its whole body is there."""
    bare = {**draft.properties, Property.CONTENT_HASH: Text("")}
    return replace(draft, content_hash=Digest(""), properties=bare)


def properties_fingerprint(draft: PageDraft) -> str:
    """Return a short stable text for everything on the page that is not its body, a word for each part."""
    return f"{_word('', draft.icon)} {values_fingerprint(draft.properties)}"


def values_fingerprint(values: Mapping[Property, Value]) -> str:
    """Return the same for some properties, where nothing is known of the rest."""
    return " ".join(word for item in sorted(values.items()) for word in _words(*item))


def vouched_fingerprint(draft: PageDraft) -> str:
    """Return the fingerprint of what a page's content hash vouches for: all that is made of the log alone."""
    of_log = {**draft.properties}
    of_log.pop(Property.PATTERNS, None)
    return properties_fingerprint(replace(draft, properties=of_log))


def narrowed(draft: PageDraft, known: str | None) -> PageDraft:
    """Return the draft without the properties that are on the page already: what stands there may be Jen's.

    Args:
        draft: The page as it should be.
        known: The fingerprint of what was last written; None: unknown.
    """
    changed = {name: value for name, value in draft.properties.items() if not is_written(known, name, value)}
    return replace(draft, properties=changed)


def is_written(known: str | None, name: Property, value: Value) -> bool:
    """Tell whether a value is what was last written into a property.

    Args:
        known: The fingerprint of what was last written; None: unknown.
        name: The property.
        value: The value.
    """
    return frozenset((known or "").split()).issuperset(_words(name, value))


def is_as_left(known: str | None, name: Property, says: str) -> bool:
    """Tell whether what a property says is what was last written into it; never for a point in time."""
    values = (Text(says), Choice(says or None), Choices(tuple(says.split(", "))), Flag(says == "Yes"))
    return any(is_written(known, name, value) for value in values)


def is_linked(known: str | None) -> bool:
    """Tell whether links of ours were ever written, be it that there are none; not when that is unknown."""
    return any(word.startswith(_LEADS) for word in (known or "").split())


def unlinked(known: str) -> str:
    """Return the fingerprint without links: they are gone with the property that they stood in."""
    return " ".join(word for word in known.split() if not word.startswith(_LEADS))


def _words(name: Property, value: Value) -> tuple[str, ...]:
    """Return a word for what a value says, and for links one for where they lead."""
    if isinstance(value, Links):
        leads = _word(name, tuple(link.address for link in value.links))
        return _word(name, Text(value.text)), f"{_LEADS}{leads}"
    return (_word(name, value),)


def _word(name: str, value: object) -> str:
    return hashlib.blake2b(f"{name} {value!r}".encode(), digest_size=5).hexdigest()

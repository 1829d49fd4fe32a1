"""A page as it should be, which the planner compares with the page as it is."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeAlias

from sync.names import Digest, Key, Property
from sync.page.blocks import Block


@dataclass(frozen=True, slots=True)
class Text:
    """A text, cut to the limit of a property; the body has it in full."""

    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One option; None clears the property."""

    option: str | None


@dataclass(frozen=True, slots=True)
class Choices:
    """Several options, each only once regardless of letter case."""

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
    """A text that links to an address."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Links:
    """Links, each on a line of its own."""

    links: tuple[Link, ...]

    @property
    def text(self) -> str:
        """The visible text."""
        return "\n".join(link.text for link in self.links)


Value: TypeAlias = Text | Choice | Choices | Moment | Flag | Links

_LEADS = "@"
"""Begins the word for the addresses of links, which marks a fingerprint of links."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDraft:
    """What the page of one log should be.

    Attributes:
        key: The value of `Log Path`.
        content_hash: The digest of the file's bytes, the value of `Content Hash`.
        icon: One emoji.
        properties: A value for every managed property.
        body: The top-level blocks in order, each within the limits of a block.
    """

    key: Key
    content_hash: Digest
    icon: str
    properties: Mapping[Property, Value]
    body: tuple[Block, ...]


def unvouched(draft: PageDraft) -> PageDraft:
    """Return the draft without its content hash, which a page gets only with its complete body."""
    bare = {**draft.properties, Property.CONTENT_HASH: Text("")}
    return replace(draft, content_hash=Digest(""), properties=bare)


def properties_fingerprint(draft: PageDraft) -> str:
    """Return a short stable text that identifies the icon and properties, with a word for each."""
    return f"{_word('', draft.icon)} {values_fingerprint(draft.properties)}"


def values_fingerprint(values: Mapping[Property, Value]) -> str:
    """Return the fingerprint of some properties alone."""
    return " ".join(word for item in sorted(values.items()) for word in _words(*item))


def vouched_fingerprint(draft: PageDraft) -> str:
    """Return the fingerprint of what the content hash covers: all properties made from the log alone."""
    of_log = {**draft.properties}
    of_log.pop(Property.PATTERNS, None)
    return properties_fingerprint(replace(draft, properties=of_log))


def narrowed(draft: PageDraft, known: str | None) -> PageDraft:
    """Return the draft without the properties that were last written so; Jen may have changed them since.

    Args:
        draft: The page as it should be.
        known: The fingerprint of what was last written; None if unknown.
    """
    changed = {name: value for name, value in draft.properties.items() if not is_written(known, name, value)}
    return replace(draft, properties=changed)


def is_written(known: str | None, name: Property, value: Value) -> bool:
    """Return whether a value is what was last written into a property.

    Args:
        known: The fingerprint of what was last written; None if unknown.
        name: The property.
        value: The value.
    """
    return frozenset((known or "").split()).issuperset(_words(name, value))


def is_as_left(known: str | None, name: Property, says: str) -> bool:
    """Return whether a property's displayed text is what was last written; never for a point in time."""
    values = (Text(says), Choice(says or None), Choices(tuple(says.split(", "))), Flag(says == "Yes"))
    return any(is_written(known, name, value) for value in values)


def is_linked(known: str | None) -> bool:
    """Return whether links, or that there are none, were ever written; False if that is unknown."""
    return any(word.startswith(_LEADS) for word in (known or "").split())


def unlinked(known: str) -> str:
    """Return the fingerprint without links, which are gone with their property."""
    return " ".join(word for word in known.split() if not word.startswith(_LEADS))


def _words(name: Property, value: Value) -> tuple[str, ...]:
    """Return a word for a value's text, and for links another one for their addresses."""
    if isinstance(value, Links):
        leads = _word(name, tuple(link.address for link in value.links))
        return _word(name, Text(value.text)), f"{_LEADS}{leads}"
    return (_word(name, value),)


def _word(name: str, value: object) -> str:
    return hashlib.blake2b(f"{name} {value!r}".encode(), digest_size=5).hexdigest()

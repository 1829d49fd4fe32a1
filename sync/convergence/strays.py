"""Strays: what a person wrote into our properties. One request for the page finds them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from sync.convergence.apply import Applier
from sync.errors import PageGone
from sync.names import Property
from sync.notion.database import misplaced
from sync.notion.model import PageRow
from sync.page.draft import PageDraft, Text, is_as_left, is_linked, is_written, narrowed
from sync.planning.outline import Outline
from sync.planning.page_state import Synced

_LIKE_OURS = re.compile("P-[0-9a-f]+ · ")
"""How our links begin: with the id of a pattern."""

_PLACE = re.compile(r"^\d+:\d+ ", re.MULTILINE)
"""The line and column in a log that a warning begins with."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a page has shown.

    Attributes:
        row: The page.
        state: What may be relied on; no block is, so every level is read again.
        left: The fingerprint of our properties as we last left them; None: unknown.
        believed: Our blocks as we last left them; None: unknown.
        strays: What a person wrote into our properties, as lines; empty when nothing.
        doubtful: The same, where the log has changed as well and it may be our own text; besides, what is to
            stay and does not, as every write of the properties carries the key.
        earlier: What stands where links of ours are to be written for the first time.
        stays: Her words stay in our properties.
    """

    row: PageRow
    state: Synced
    left: str | None
    believed: Outline | None
    strays: str
    doubtful: str
    earlier: str
    stays: bool

    @property
    def is_unsaved(self) -> bool:
        """Whether the next write of the properties takes words away that are hers, or may be."""
        return self.state.properties is None and bool(self.strays or self.doubtful)

    def believing(self, outline: Outline | None) -> "Look":
        """Return this look with another belief about the blocks that we last left on the page."""
        return replace(self, believed=outline)


async def look(applier: Applier, state: Synced) -> Look:
    """Ask for the page once, and tell our properties from what a person wrote into them.

    Raises:
        PageGone: It is in the trash, or nowhere.
        Rejected: It was moved out of the database.
    """
    changing = narrowed(applier.draft, state.properties).properties
    page = await applier.gateway.examine(state.page_id, applier.draft, lane=applier.lane, changing=changing)
    if page.row.in_trash:
        raise PageGone("The page is in Notion's trash")
    if page.row.is_elsewhere:
        raise misplaced()
    hers, doubtful = _hers(page.strays, applier.draft, state.properties)
    lines = _lines(hers)
    stays = applier.keep_edits and bool(lines)
    overwritten = (hers or doubtful) and not stays
    return Look(
        row=page.row,
        state=replace(state, properties=None if overwritten else state.properties, outline=None),
        left=state.properties,
        believed=state.outline,
        strays="" if stays else lines,
        doubtful=_lines({**doubtful, **(_key(hers) if stays else {})}),
        earlier=_lines(_earlier(doubtful, applier.draft, state.properties)),
        stays=stays,
    )


async def look_again(applier: Applier, state: Synced, before: Look | None) -> tuple[Look, Synced]:
    """Look once more, at the properties alone.

    Args:
        applier: The requests for this page.
        state: What is known of the page; what is known of its blocks stays.
        before: What the first look has shown; None: nobody else had been there.

    Returns:
        The look, and what is known afterwards.
    """
    left = before.left if before is not None and state.properties is None else state.properties
    seen = await look(applier, replace(state, properties=left))
    known = replace(state, properties=state.properties and seen.state.properties)
    return (seen if before is None else seen.believing(before.believed)), known


_Strays: TypeAlias = Mapping[Property, str]


def _hers(strays: _Strays, draft: PageDraft, known: str | None) -> tuple[_Strays, _Strays]:
    """Split strays into what is surely a person's and what may be; leave out what we wrote ourselves."""
    changed = {name for name in strays if not is_written(known, name, draft.properties[name])}
    return (
        {name: says for name, says in strays.items() if name not in changed},
        {
            name: strays[name]
            for name in changed
            if strays[name]
            and not is_as_left(known, name, strays[name])
            and not _are_warnings_of_ours(name, strays[name], draft)
        },
    )


def _key(strays: _Strays) -> _Strays:
    return {name: says for name, says in strays.items() if name is Property.LOG_PATH}


def _are_warnings_of_ours(name: Property, says: str, draft: PageDraft) -> bool:
    """Tell whether these are the log's own warnings, on the lines that they were on before it changed."""
    ours = draft.properties[name]
    if name is not Property.FORMAT_WARNINGS or not isinstance(ours, Text):
        return False
    return set(_PLACE.sub("", says).splitlines()) <= set(_PLACE.sub("", ours.text).splitlines())


def looks_like_links(says: str) -> bool:
    """Tell whether the property for links says what only we would write there."""
    return _LIKE_OURS.match(says) is not None


def overwrites(draft: PageDraft, known: str | None) -> bool:
    """Tell whether writing the properties changes one in which a person may have words."""
    return not narrowed(draft, known).properties.keys() <= {Property.CONTENT_HASH}


def takes_over(draft: PageDraft, known: str | None) -> bool:
    """Tell whether our first links go into a property that may have been a person's until now."""
    return Property.PATTERNS in draft.properties and known is not None and not is_linked(known)


def _earlier(doubtful: _Strays, draft: PageDraft, known: str | None) -> _Strays:
    """Return what a person had in the property for links; after a loss of the state it may be ours."""
    says = doubtful.get(Property.PATTERNS, "")
    is_hers = takes_over(draft, known) and not looks_like_links(says)
    return {Property.PATTERNS: says} if is_hers else {}


def _lines(strays: _Strays) -> str:
    return "\n".join(f"{name.value}: {says}" for name, says in strays.items() if says)

"""What is known of a page: there is none, or what our last write left, or that a write may be in flight."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sync.names import PageId
from sync.page.draft import PageDraft, properties_fingerprint
from sync.planning.outline import Outline, OwnedBlock, outline_of


@dataclass(frozen=True, slots=True)
class Absent:
    """There is no page: none was found, and no write of ours can still make one."""


@dataclass(frozen=True, slots=True)
class Synced:
    """No write is in flight. What was not read back is unknown.

    Attributes:
        page_id: The page.
        properties: The fingerprint of its properties and icon; None: unknown.
        outline: Our blocks on the page, in order; None: unknown.
    """

    page_id: PageId
    properties: str | None
    outline: Outline | None


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A write may have been cut short, and may still be carried out.

    Attributes:
        page_id: The page; None when it was the create that was cut short.
        settles_at: From then on Notion can no longer carry out the lost request.
        deleting: What was being deleted; it is looked at once more, as a person may have been there last.
    """

    page_id: PageId | None
    settles_at: datetime
    deleting: OwnedBlock | None = None


PageState: TypeAlias = Absent | Synced | Uncertain


def page_id_of(state: PageState) -> PageId | None:
    """Return which page it is; None when there is none that is known."""
    match state:
        case Absent():
            return None
        case Synced(page_id=page_id) | Uncertain(page_id=page_id):
            return page_id


def as_synced(state: PageState) -> Synced:
    """Return the state of a page that is there; anything else is a defect of the plan."""
    if not isinstance(state, Synced):
        raise TypeError(f"a plan for {state} changes a page before it is known")
    return state


def synced(draft: PageDraft, page_id: PageId) -> Synced:
    """Return what is known of a page right after the draft was written to it."""
    return Synced(page_id, properties_fingerprint(draft), outline_of(draft.body))

"""Take over a page that was found in Notion: all that is known of it is what it says of itself."""

from dataclasses import replace
from functools import partial

from sync.convergence.beside import beside
from sync.names import PageId, Property
from sync.page.draft import PageDraft, is_written, vouched_fingerprint
from sync.planning.page_state import Synced, synced
from sync.planning.plan import is_made_at_once
from sync.state.records import ADOPTED, PageRecord


def unless_masked_otherwise(record: PageRecord, draft: PageDraft) -> PageRecord:
    """Return the record; it does not trust a found page from which other secrets were masked than now.

    The content hash is that of the original log: it does not say what was masked when the page was written.
    """
    if record.edition != ADOPTED or not isinstance(record.page, Synced):
        return record
    warnings = draft.properties[Property.FORMAT_WARNINGS]
    if is_written(record.page.properties, Property.FORMAT_WARNINGS, warnings):
        return record
    return replace(record, content_hash=None)


async def adopted(draft: PageDraft, record: PageRecord, page_id: PageId) -> tuple[Synced, PageRecord]:
    """Return what may be relied on of a found page, and the record that goes with it.

    A page with our content hash is trusted: the hash came with its create, or with its last update. If the
    create left blocks for later requests, they may never have been sent; then the next drift check reads it.
    """
    if record.content_hash != draft.content_hash:
        return Synced(page_id, None, None), record
    if not await beside(draft, partial(is_made_at_once, draft)):
        record = replace(record, looked_at=None)
    return replace(synced(draft, page_id), properties=vouched_fingerprint(draft)), record

"""Take over a page that is known by what it says of itself alone."""

from dataclasses import replace
from functools import partial

from sync.convergence.beside import beside
from sync.names import PageId, Property
from sync.page.draft import PageDraft, is_written, vouched_fingerprint
from sync.planning.page_state import Synced, synced
from sync.planning.plan import is_made_at_once
from sync.state.records import ADOPTED, PageRecord


def unless_masked_otherwise(record: PageRecord, draft: PageDraft) -> PageRecord:
    """Return a record that trusts no page which tells of other secrets taken out than the draft does.

    The content hash is that of the log as it is: it does not say what was masked when the page was written.
    """
    if record.edition != ADOPTED or not isinstance(record.page, Synced):
        return record
    warnings = draft.properties[Property.FORMAT_WARNINGS]
    if is_written(record.page.properties, Property.FORMAT_WARNINGS, warnings):
        return record
    return replace(record, content_hash=None)


async def adopted(draft: PageDraft, record: PageRecord, page_id: PageId) -> tuple[Synced, PageRecord]:
    """Return what may be relied on of the page, and the record that goes with it.

    A page that bears our content hash is trusted: the hash came with its create, or with its last update.
    What a create had left for later requests may have been cut short together with the state that knew of
    it; such a page is read by the next drift check.
    """
    if record.content_hash != draft.content_hash:
        return Synced(page_id, None, None), record
    if not await beside(draft, partial(is_made_at_once, draft)):
        record = replace(record, looked_at=None)
    return replace(synced(draft, page_id), properties=vouched_fingerprint(draft)), record

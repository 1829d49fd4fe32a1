"""Look at the files, the database's rows and the state, side by side."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from daemon.session import Session
from daemon.watching.compare import Comparison, Judgement, chunks
from daemon.watching.scan import Found, scan
from sync.comparison.differences import Findings, compare
from sync.errors import LogUnreadable, PageGone
from sync.files import ReadLog, read_log
from sync.names import Digest, LogPath, Property
from sync.notion.limiter import Lane
from sync.notion.model import PageRow
from sync.planning.page_state import page_id_of
from sync.state.store import Store

UNREAD = Digest("")
"""The digest of a log that cannot be read: it equals no page's."""


async def differences(session: Session, *, deep: bool) -> Findings:
    """Compare all logs with all pages: one request for a hundred pages, three more, and one a missing page.

    Args:
        session: Open on a copy of the state; nothing is written.
        deep: Read the blocks of every page back, too.
    """
    gateway, settings = session.gateway, session.settings
    connection = await gateway.connect(rehearsing=True)
    author = await gateway.me(lane=Lane.CHECK)
    rows: list[PageRow] = []
    async for portion in gateway.rows(lane=Lane.CHECK, newest_first=True):
        rows.extend(portion)
    records = {record.path: record for record in session.store.known()}
    if Property.CONTENT_HASH not in connection.schema.bound:
        rows = [replace(row, content_hash=_remembered(session.store, row)) for row in rows]
    unseen: list[LogPath] = []
    files = dict(_digests(session, unseen))
    restores = session.rules.restore_trashed
    compared = compare(files, rows, records, host=settings.host, author=author, restore_trashed=restores)
    findings = compared.without(unseen)
    if not restores:
        findings = findings.with_trashed(await _trashed(session, findings.missing))
    if not deep:
        return findings
    unread = {*findings.missing, *findings.stale, *findings.quarantined, *findings.trashed}
    kept = {path for path in findings.edited if path in records and records[path].edited}
    read_back = [path for path in files if path not in unread]
    different = [path for path in read_back if await session.reconciler.differs(path, Lane.CHECK)]
    return findings.with_edited((*different, *kept))


async def _trashed(session: Session, paths: Sequence[LogPath]) -> Sequence[LogPath]:
    """Return those of the logs whose page is in the trash, where nobody had noticed it yet."""
    found: list[LogPath] = []
    for path in paths:
        record = session.store.page(path)
        page_id = None if record is None else page_id_of(record.page)
        if page_id is None:
            continue
        with suppress(PageGone):
            if (await session.gateway.retrieve_page(page_id, lane=Lane.CHECK)).in_trash:
                found.append(path)
    return found


def _remembered(store: Store, row: PageRow) -> str:
    """Return the hash of what a page shows, as the state remembers it; empty for an unknown page."""
    path = store.path_of(row.page_id)
    record = None if path is None else store.page(path)
    return (record and record.content_hash) or ""


def _digests(session: Session, unseen: list[LogPath]) -> Iterator[tuple[LogPath, Digest]]:
    """Yield the digest of every log; the state vouches for those whose stamp it knows.

    Args:
        session: Open.
        unseen: Gets the places that could not be looked at.
    """
    comparison = Comparison(session.store, edition=session.rules.edition)
    for chunk in chunks(_found(session.settings.logs_dir, unseen)):
        judgements = comparison.judged(chunk)
        known = session.store.pages([path for path, each in judgements.items() if each is Judgement.IN_STEP])
        for path in judgements:
            vouched = known[path].content_hash if path in known else None
            if digest := vouched or _digest(session, path):
                yield path, digest


def _found(root: Path, unseen: list[LogPath]) -> Iterator[Found]:
    for finding in scan(root):
        if isinstance(finding, Found):
            yield finding
        else:
            unseen.append(finding.path)


def _digest(session: Session, path: LogPath) -> Digest | None:
    try:
        reading = read_log(session.settings.logs_dir, path)
    except LogUnreadable:
        return UNREAD
    return reading.digest if isinstance(reading, ReadLog) else None

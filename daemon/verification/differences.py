"""Compare the files with the database's rows, with the help of the state."""

from collections.abc import Iterator
from dataclasses import replace

from daemon.session import Session
from daemon.watching.compare import Comparison, Judgement
from daemon.watching.scan import Unlistable, pieces
from sync.comparison.differences import Findings, compare
from sync.convergence.loss import Loss, loss_of
from sync.errors import LogUnreadable
from sync.files import ReadLog, read_log
from sync.names import Digest, LogPath, Property
from sync.notion.limiter import Lane
from sync.notion.model import PageRow
from sync.planning.page_state import page_id_of
from sync.state.store import Store

UNREAD = Digest("")
"""The digest of an unreadable log; no page has it."""


async def differences(session: Session, *, deep: bool) -> Findings:
    """Compare all logs with all pages and return where they differ.

    This takes a request for every hundred pages, one for each missing page, and three more.

    Args:
        session: A session on a copy of the state; nothing is written.
        deep: Whether to read back the blocks of every page, too.
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
        findings = await _looked_for(session, findings)
    if not deep:
        return findings
    unread = {*findings.missing, *findings.stale, *findings.quarantined, *findings.trashed}
    kept = {path for path in findings.edited if path in records and records[path].edited}
    read_back = [path for path in files if path not in unread]
    different = [path for path in read_back if await session.reconciler.differs(path, Lane.CHECK)]
    return findings.with_edited((*different, *kept))


async def _looked_for(session: Session, findings: Findings) -> Findings:
    """Ask Notion what became of each known page that the rows lack."""
    losses: dict[LogPath, Loss | None] = {}
    for path in findings.missing:
        record = session.store.page(path)
        page_id = None if record is None else page_id_of(record.page)
        if page_id is not None:
            losses[path] = await loss_of(session.gateway, page_id, lane=Lane.CHECK)
    return findings.with_looked_for(losses)


def _remembered(store: Store, row: PageRow) -> str:
    """Return the content hash of a page by the state; empty for an unknown page."""
    path = store.path_of(row.page_id)
    record = None if path is None else store.page(path)
    return (record and record.content_hash) or ""


def _digests(session: Session, unseen: list[LogPath]) -> Iterator[tuple[LogPath, Digest]]:
    """Yield the digest of every log, from the state where it knows the log's stamp.

    Args:
        session: The session.
        unseen: Receives the places that could not be read.
    """
    comparison = Comparison(session.store, edition=session.rules.edition)

    def unlistable(place: Unlistable) -> None:
        unseen.append(place.path)

    for piece in pieces(session.settings.logs_dir, unlistable=unlistable):
        judgements = comparison.judged(piece)
        known = session.store.pages([path for path, each in judgements.items() if each is Judgement.IN_STEP])
        for path in judgements:
            vouched = known[path].content_hash if path in known else None
            if (digest := vouched or _digest(session, path)) is not None:
                yield path, digest


def _digest(session: Session, path: LogPath) -> Digest | None:
    try:
        reading = read_log(session.settings.logs_dir, path)
    except LogUnreadable:
        return UNREAD
    return reading.digest if isinstance(reading, ReadLog) else None

"""The shape of the state database, one step for each version; steps are never edited once released."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from sync.errors import StateUnusable
from sync.state.database import damaged

STEPS: tuple[str, ...] = (
    """
    CREATE TABLE facts (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) WITHOUT ROWID;

    CREATE TABLE pages (
        path TEXT NOT NULL PRIMARY KEY,
        page_id TEXT,             -- NULL: no page is known
        url TEXT,
        content_hash TEXT,        -- of the file as it stands on the page; NULL: never wholly written
        edition TEXT,             -- of the renderer and the settings that shaped the page
        properties TEXT,          -- fingerprint; NULL: unknown
        settles_at REAL,          -- a write is in flight until then at the latest; NULL: none is
        size INTEGER,
        mtime_ns INTEGER,
        inode INTEGER,
        standing TEXT NOT NULL,   -- tracked, quarantined, trashed, vanished
        what TEXT,                -- why it is quarantined or trashed
        hint TEXT,
        since REAL NOT NULL,      -- when its standing last changed
        synced_at REAL,
        outline BLOB              -- our blocks as packed JSON: ids and fingerprints; NULL: unknown
    );
    CREATE INDEX pages_by_id ON pages (page_id);
    -- All that a scan asks of a log in step: the long rows are not read when nothing differs.
    CREATE INDEX pages_by_stamp ON pages
        (path, edition, standing, size, mtime_ns, inode, settles_at, page_id, content_hash);
    CREATE INDEX pages_by_standing ON pages (standing);

    CREATE TABLE pending (
        path TEXT PRIMARY KEY,
        lane INTEGER NOT NULL,
        since REAL NOT NULL,      -- when it was first seen to differ
        due_at REAL NOT NULL,
        attempts INTEGER NOT NULL,
        generation INTEGER NOT NULL,  -- grows with each touch: work on an older one does not clear it
        what TEXT,                -- the last failure
        hint TEXT
    ) WITHOUT ROWID;
    CREATE INDEX pending_by_turn ON pending (lane, CASE lane WHEN 0 THEN -since END, path, due_at);
    CREATE INDEX pending_by_due ON pending (due_at);
    """,
    "CREATE INDEX pages_by_content ON pages (content_hash)",
    """
    CREATE TABLE refusals (
        fingerprint TEXT PRIMARY KEY,  -- of a block or property that the firewall before Notion refuses
        edition TEXT NOT NULL          -- of the software that met the refusal
    ) WITHOUT ROWID;
    """,
    """
    ALTER TABLE pages ADD COLUMN looked_at REAL;  -- when it was last seen whether a person was there
    ALTER TABLE pages ADD COLUMN edited INTEGER NOT NULL DEFAULT 0;  -- a person's edit of ours stands there
    ALTER TABLE pages ADD COLUMN doubts INTEGER NOT NULL DEFAULT 0;  -- signs of a person since the last look
    """,
    """
    CREATE TABLE duplicates (
        page_id TEXT PRIMARY KEY,  -- a further page of a log, beside the one in `pages`
        path TEXT NOT NULL,
        url TEXT NOT NULL,
        is_left INTEGER NOT NULL   -- to a person; 0: nothing was decided yet
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE backlinks (
        path TEXT PRIMARY KEY,
        links TEXT NOT NULL  -- to the hand-off that tells of the log's patterns, as JSON: text and address
    ) WITHOUT ROWID;
    """,
    # What a person had put away before its log went was told by a text being there.
    "UPDATE pages SET standing = 'unwanted' WHERE standing = 'departed' AND what <> ''",
)


_SHAPE = """
    SELECT sqlite_master.name, columns.name, columns.type
    FROM sqlite_master JOIN pragma_table_info(sqlite_master.name) AS columns
    WHERE sqlite_master.type = 'table'
    UNION ALL
    SELECT name, tbl_name, type FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL
"""


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the database forward to this version; refuse one that is newer. Safe beside another process."""
    if is_current(connection):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _known(connection)
        for step in STEPS[version:]:
            for statement in _statements(step):
                _take(statement, connection)
        connection.execute(f"PRAGMA user_version = {len(STEPS)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _take(statement: str, connection: sqlite3.Connection) -> None:
    try:
        connection.execute(statement)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise  # a full disk, or another process
        raise damaged(f"The state database is damaged: it is not what its version says ({error})") from error


def has_known_shape(connection: sqlite3.Connection) -> bool:
    """Tell whether a database of this version has the tables, columns and indexes that this version makes."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        migrate(fresh)
        return _shape(connection) == _shape(fresh)


def _shape(connection: sqlite3.Connection) -> frozenset[tuple[str, ...]]:
    return frozenset(map(tuple, connection.execute(_SHAPE)))


def is_current(connection: sqlite3.Connection) -> bool:
    """Tell whether the database is of this version; refuse one that is newer."""
    return _known(connection) == len(STEPS)


def _known(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(STEPS):
        raise StateUnusable(
            f"The state has version {version}, written by a newer ai-traces; this one knows {len(STEPS)}",
            "Upgrade ai-traces, or move the state directory away: pages are found again by their Log Path",
        )
    return int(version)


def _statements(step: str) -> Iterator[str]:
    """Yield the statements of a step one by one; together they would end the transaction that they are in."""
    statement = ""
    for line in f"{step};".splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""

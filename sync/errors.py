"""The classes of failure. The class decides what happens next; the text is for people."""

from dataclasses import dataclass
from datetime import timedelta

from sync.names import BlockId, PageId


@dataclass(eq=False)
class SyncError(Exception):
    """A failure that says what happened and what to do next.

    Attributes:
        what: What happened, as a sentence without a final full stop.
        hint: What a person can do next; empty when there is nothing to do.
    """

    what: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.what}. {self.hint}" if self.hint else self.what


@dataclass(eq=False)
class Transient(SyncError):
    """Surely not applied: Notion refused before the write, or was never reached.

    Attributes:
        retry_after: How long Notion asked us to wait; None when it did not say.
    """

    retry_after: timedelta | None = None


@dataclass(eq=False)
class Ambiguous(SyncError):
    """A write that may have been applied, now or up to `settles_in` from its sending.

    Attributes:
        settles_in: After this time, counted from sending, it can no longer be applied.
        committed_page: The page that Notion says it made although the answer failed.
        committed_blocks: The first-level blocks that Notion says it made, in order.
    """

    settles_in: timedelta = timedelta(seconds=65)
    committed_page: PageId | None = None
    committed_blocks: tuple[BlockId, ...] = ()


@dataclass(eq=False)
class Conflict(SyncError):
    """Two writes collided; Notion applied neither of ours."""


@dataclass(eq=False)
class Rejected(SyncError):
    """This content cannot go in as it is; repeating it is pointless.

    Attributes:
        status: The HTTP status.
        by_firewall: The edge in front of Notion refused the text, Notion itself never saw it.
    """

    status: int = 400
    by_firewall: bool = False


@dataclass(eq=False)
class PageGone(SyncError):
    """The page or block is absent, in the trash, or no longer shared with the connection."""


@dataclass(eq=False)
class AccessLost(SyncError):
    """No page at all can be written: token, sharing, capability or plan limit.

    Attributes:
        may_be_unshared: Notion does not tell a database that is not there from one that is not shared.
    """

    may_be_unshared: bool = False


NOT_APPLIED = (AccessLost, Conflict, PageGone, Rejected, Transient)
"""The failures of a write after which Notion has surely not carried it out."""


@dataclass(eq=False)
class ConfigurationError(SyncError):
    """A setting is missing or cannot be used; the daemon ends with 78 and is not started again."""


@dataclass(eq=False)
class NoSuchLog(SyncError):
    """A person has named a log that is none, or is not there."""


@dataclass(eq=False)
class LogUnreadable(SyncError):
    """The file cannot be read as it is: permissions, an I/O error."""


@dataclass(eq=False)
class StateUnusable(SyncError):
    """The state directory or database cannot be used: lock, permission, version, damage."""


@dataclass(eq=False)
class StateFull(StateUnusable):
    """The disk of the state has no room: once it has, everything works again, with the same settings."""


@dataclass(eq=False)
class StateGone(StateUnusable):
    """The state was taken away while it was in use: a new start begins with what is there then."""


@dataclass(eq=False)
class StateDamaged(StateUnusable):
    """The state database is there and no longer makes sense; what it knew is found again in Notion."""


@dataclass(eq=False)
class AlreadyRunning(StateUnusable):
    """Another process holds the lock on the state directory."""

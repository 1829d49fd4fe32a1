"""A hand-off as a page of AI Traces: one for the day of its newest log, however often it is published."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Final

from sync.convergence.apply import Applier
from sync.convergence.converge import Convergence
from sync.convergence.sifting import Sieve
from sync.errors import PageGone
from sync.names import Digest, Key, LogPath, Property
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.page.draft import Choice, Choices, Flag, Links, Moment, Text, Value
from sync.page.limits import shortened
from sync.page.whole import whole
from sync.page.withheld import Whole
from sync.patterns.handoff.as_page import markdown_of, title_of
from sync.patterns.handoff.asking import summary
from sync.patterns.handoff.handoff import Handoff
from sync.planning.page_state import Absent, Synced
from sync.rules import Rules
from sync.state.records import ADOPTED, UNSEEN, PageRecord, Standing
from sync.state.refusals import Refusals
from sync.state.store import Store

TYPE: Final = "Handoff"
_TRASHED: Final = "The page of this hand-off was moved to the trash in Notion"
_RESTORE: Final = "It stays there; to have it back, restore it in Notion's trash and publish again"
_ICON: Final = "🤝"
_SUMMARY: Final = 300


@dataclass(frozen=True, slots=True)
class Publisher:
    """Writes hand-offs as carefully as logs: after a lost answer it looks before it writes again.

    Attributes:
        store: What is remembered of the pages of hand-offs; none of a log's.
        now: Tells the time.
    """

    rules: Rules
    store: Store
    gateway: Gateway
    now: Callable[[], datetime]

    async def publish(self, handoff: Handoff, addresses: Mapping[LogPath, str]) -> str:
        """Bring the page of a hand-off in step, and return its address.

        Args:
            handoff: The hand-off.
            addresses: Where the page of each log is, as far as that is known.

        Raises:
            NotYet: A lost request may still be carried out; nothing is written before.
            PageGone: Jen has moved the page to the trash, where it stays.
            SyncError: It could not be done; the store says what is known of the page.
        """
        key = key_of_handoff(self.rules.host, handoff)
        content = markdown_of(handoff, addresses).encode()
        page = page_of(handoff, content, key=key, rules=self.rules)
        sieve = Sieve(page, Refusals(self.store, self.rules.edition))
        record = self.store.page(LogPath(key)) or await self._found(key)
        if record.standing is Standing.TRASHED and not self.rules.restore_trashed:
            raise PageGone(_TRASHED, _RESTORE)
        applier = Applier(
            gateway=self.gateway,
            lane=Lane.LIVE,
            draft=sieve.draft(),
            original=content,
            stamp=None,
            keep_edits=self.rules.keep_edits,
        )
        job = Convergence(
            record, rules=self.rules, store=self.store, applier=applier, sieve=sieve, now=self.now
        )
        try:
            await job.run()
        except PageGone:
            if job.record.standing is Standing.TRASHED:
                raise PageGone(_TRASHED, _RESTORE) from None
            raise
        done = replace(
            job.record,
            content_hash=page.draft.content_hash,
            edition=self.rules.edition,
            standing=Standing.TRACKED,
            synced_at=self.now(),
        )
        self.store.save(done)
        return done.url

    async def _found(self, key: Key) -> PageRecord:
        """Return what is known of a page that nothing is remembered of: it may be there all the same."""
        nothing = PageRecord(path=LogPath(key), page=Absent(), since=self.now())
        rows = await self.gateway.find(key, lane=Lane.LIVE)
        if not rows:
            return nothing
        return replace(
            nothing,
            page=Synced(rows[0].page_id, None, None),
            url=rows[0].url,
            content_hash=Digest(rows[0].content_hash),
            edition=ADOPTED,
            looked_at=UNSEEN,
        )


def key_of_handoff(host: str, handoff: Handoff) -> Key:
    """Return what identifies the page of a hand-off: to whoever looks for logs it is another machine's."""
    day = title_of(handoff).rpartition(" ")[2]
    prefix = "hand-off" if host == "handoff" else "handoff"
    return Key(f"{prefix}:{host}:{day}" if host else f"{prefix}:{day}")


def page_of(handoff: Handoff, content: bytes, *, key: Key, rules: Rules) -> Whole:
    """Return the page of a hand-off, made of its markdown."""
    page = whole(
        content,
        None,
        path=LogPath(key),
        key=key,
        content_hash=Digest(sha256(content).hexdigest()),
        zone=rules.zone,
        redacted={},
    )
    draft = page.draft
    values: dict[Property, Value] = {name: _cleared(value) for name, value in draft.properties.items()}
    values |= {
        Property.TITLE: Text(title_of(handoff)),
        Property.TYPE: Choice(TYPE),
        Property.TIMESTAMP: Moment(handoff.extraction.window.last),
        Property.SUMMARY: Text(shortened(" ".join(summary(handoff)), _SUMMARY)),
        Property.LOG_PATH: Text(key),
        Property.CONTENT_HASH: Text(draft.content_hash),
    }
    return replace(page, draft=replace(draft, icon=_ICON, properties=values))


def _cleared(value: Value) -> Value:
    """Return the value of the same kind that says nothing."""
    match value:
        case Text():
            return Text("")
        case Choice():
            return Choice(None)
        case Choices():
            return Choices(())
        case Moment():
            return Moment(None)
        case Flag():
            return Flag(ticked=False)
        case Links():
            return Links(())

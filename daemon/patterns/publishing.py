"""Write a hand-off to its page in AI Traces: one page for the day of its newest log."""

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
from sync.page.from_content import page_from_content
from sync.page.limits import shortened
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
    """Write hand-offs by the same rules as logs: after a lost answer, look before writing again.

    Attributes:
        rules: The rules of reconciliation.
        store: The state of hand-offs' pages, apart from that of logs.
        gateway: The connected gateway.
        now: Returns the current time.
    """

    rules: Rules
    store: Store
    gateway: Gateway
    now: Callable[[], datetime]

    async def publish(self, handoff: Handoff, addresses: Mapping[LogPath, str]) -> str:
        """Write the page of a hand-off and return its address.

        Args:
            handoff: The hand-off.
            addresses: The known addresses of logs' pages.

        Raises:
            NotYet: A lost request may still be carried out, so nothing may be written yet.
            PageGone: Jen has moved the page to the trash, where it stays.
            SyncError: That failed; the store has what is known of the page.
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
        """Return a record for a page that the state does not know, from Notion if it is there."""
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
    """Return the key of a hand-off's page, which looks like another machine's to the sync of logs."""
    day = title_of(handoff).rpartition(" ")[2]
    prefix = "hand-off" if host == "handoff" else "handoff"
    return Key(f"{prefix}:{host}:{day}" if host else f"{prefix}:{day}")


def page_of(handoff: Handoff, content: bytes, *, key: Key, rules: Rules) -> Whole:
    """Return the page of a hand-off from its markdown."""
    page = page_from_content(
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
    """Return an empty value of the same kind."""
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

"""Let the page of a log that is gone go the way that the settings say."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from sync.departure_decision import Circumstances, Depart, OnFileDeleted, Wait, decide_departure
from sync.errors import NOT_APPLIED, Ambiguous, PageGone
from sync.keys import key_of
from sync.log_path import accepts
from sync.names import Digest, PageId, Property
from sync.notion.gateway import Gateway, Sending
from sync.notion.limiter import Lane
from sync.notion.model import ExaminedPage
from sync.page.draft import PageDraft, Text, is_as_left
from sync.planning.page_state import Absent, PageState, Synced, Uncertain
from sync.rules import Rules
from sync.state.records import ADOPTED, PageRecord, Standing
from sync.state.store import Store
from sync.verdict import Reconciled, Verdict

ALIVE = (
    Standing.TRACKED,
    Standing.QUARANTINED,
    Standing.RESTORING,
    Standing.VANISHED,
    Standing.DEPARTING,
)
"""Standings of the logs whose pages count for how many may be trashed at once."""

_PUT_AWAY = "The page was moved to the trash in Notion"


@dataclass(frozen=True, slots=True)
class Departing:
    """Deals with a log whose file is not there.

    Attributes:
        now: When the job began; everything is decided by this one moment.
        clock: Tells when a request is sent.
        keep: Saves a person's words.
    """

    rules: Rules
    store: Store
    gateway: Gateway
    lane: Lane
    now: datetime
    clock: Callable[[], datetime]
    keep: Callable[[str], None]

    async def depart(self, record: PageRecord) -> Reconciled:
        """Deal with one log: take note, wait a moment, decide, and let its page go."""
        match record.standing:
            case _ if record.page == Absent():
                self.store.forget(record.path)
                return Reconciled(Verdict.VANISHED)
            case Standing.DEPARTED | Standing.UNWANTED:
                return Reconciled(Verdict.VANISHED, record.url)
            case Standing.DEPARTING:
                return await self._let_go(record, self.rules.on_file_deleted)
            case Standing.TRASHED:
                # Its page is where it would go; by whose hand counts once the log is back.
                return self._unwanted(record, record.page, Verdict.VANISHED, what=record.what)
            case _ if record.edition == ADOPTED:
                # Found in the database, and never seen as a file: another machine's, or Jen's own.
                return self._gone(record, record.page, Verdict.VANISHED)
            case Standing.VANISHED:
                pass
            case _:
                record = replace(record, standing=Standing.VANISHED, what="", hint="", since=self.now)
                self.store.save(record)
        return await self._decide(record)

    async def _decide(self, record: PageRecord) -> Reconciled:
        decision = decide_departure(self._circumstances(record), way=self.rules.on_file_deleted, now=self.now)
        match decision:
            case Wait(until=until, what=what, hint=hint):
                self.store.save(replace(record, what=what, hint=hint))
                verdict = Verdict.HELD if what else Verdict.POSTPONED
                return Reconciled(verdict, record.url, until, what or "The file is gone for the moment")
            case Depart(way=way):
                return await self._let_go(record, way)
            case _:
                assert_never(decision)

    def _circumstances(self, record: PageRecord) -> Circumstances:
        return Circumstances(
            gone_since=record.since,
            leaving=self.store.count(Standing.VANISHED),
            allowed=self.rules.max_deletes.allowed(of=self.store.count(*ALIVE)),
            any_log_left=self._any_log_left(),
        )

    def _any_log_left(self) -> bool:
        root = self.rules.root
        return any(
            accepts(os.path.relpath(os.path.join(directory, name), root))  # noqa: PTH118 - undecodable names
            for directory, _, names in os.walk(root)
            for name in names
        )

    async def _let_go(self, record: PageRecord, way: OnFileDeleted) -> Reconciled:
        page = await self._page(record)
        match page:
            case Synced():
                return await self._part(record, page, way)
            case Uncertain(settles_at=settles_at) if self.now < settles_at:
                detail = "Waiting until Notion can no longer carry out a lost request"
                return Reconciled(Verdict.POSTPONED, until=settles_at, detail=detail)
            case _:
                self.store.forget(record.path)
                return Reconciled(Verdict.VANISHED)

    async def _part(self, record: PageRecord, page: Synced, way: OnFileDeleted) -> Reconciled:
        """Let a page go, unless a person has taken it elsewhere or put it away herself."""
        if way is OnFileDeleted.KEEP:
            return self._gone(record, page, Verdict.VANISHED)
        try:
            there = await self.gateway.examine(page.page_id, self._mark(record), lane=self.lane)
        except PageGone:
            return self._gone(record, page, Verdict.DEPARTED)
        if there.row.is_elsewhere:
            return self._gone(record, page, Verdict.VANISHED)
        others = await self._others_were_last(there)
        if there.row.in_trash:
            if others and record.standing is not Standing.DEPARTING:
                return self._unwanted(record, page, Verdict.DEPARTED, what=_PUT_AWAY)
            return self._gone(record, page, Verdict.DEPARTED)
        if way is OnFileDeleted.MARK:
            self._save_words(there, page.properties, others=others)
            page = replace(page, properties=None)
        await self._send_off(replace(record, page=page), page.page_id, way)
        return self._gone(record, page, Verdict.DEPARTED)

    async def _others_were_last(self, there: ExaminedPage) -> bool:
        author = await self.gateway.me(lane=self.lane)
        return author.is_person or there.row.last_edited_by != author.user_id

    def _save_words(self, there: ExaminedPage, left: str | None, *, others: bool) -> None:
        """Save what a person wrote where the mark is to stand.

        Args:
            there: The page as it is, beside the mark.
            left: The fingerprint of our properties as we last left them; None: unknown.
            others: Somebody else was at the page last.
        """
        name = Property.FORMAT_WARNINGS
        says = there.strays.get(name, "")
        if says and not is_as_left(left, name, says) and (others or left is not None):
            self.keep(f"{name.value}: {says}")

    async def _page(self, record: PageRecord) -> PageState:
        """Return the page of the log, looked up if it was being made when its file went.

        What was sent before and comes late must not come after the farewell.
        """
        match record.page:
            case Uncertain(page_id=None):
                rows = await self.gateway.find(key_of(self.rules.host, record.path), lane=self.lane)
                return Synced(rows[0].page_id, None, None) if rows else record.page
            case Uncertain(page_id=str() as page_id, settles_at=settles_at) if self.now >= settles_at:
                return Synced(PageId(page_id), None, None)
            case _:
                return record.page

    async def _send_off(self, record: PageRecord, page_id: PageId, way: OnFileDeleted) -> None:
        """Let the page go; from the sending on it may be gone, whatever becomes of us or of the answer."""
        record = replace(record, standing=Standing.DEPARTING, content_hash=None)

        def may_be_gone(settle: timedelta) -> None:
            self.store.save(replace(record, page=Uncertain(page_id, self.clock() + settle)))

        try:
            await self._send(record, page_id, way, sending=lambda: may_be_gone(self.rules.settle))
        except PageGone:
            return
        except Ambiguous as error:
            may_be_gone(error.settles_in)
            raise
        except NOT_APPLIED:
            self.store.save(record)
            raise

    async def _send(
        self, record: PageRecord, page_id: PageId, way: OnFileDeleted, *, sending: Sending
    ) -> None:
        gateway, lane = self.gateway, self.lane
        match way:
            case OnFileDeleted.TRASH:
                await gateway.set_in_trash(page_id, in_trash=True, lane=lane, sending=sending)
            case OnFileDeleted.MARK:
                await gateway.update_page(page_id, self._mark(record), lane=lane, sending=sending)
            case OnFileDeleted.KEEP:
                pass
            case _:
                assert_never(way)

    def _mark(self, record: PageRecord) -> PageDraft:
        note = f"The log was deleted (seen {record.since:%Y-%m-%d %H:%M} UTC). This is what it last said."
        return PageDraft(
            key=key_of(self.rules.host, record.path),
            content_hash=Digest(""),
            icon="🗑️",
            properties={Property.FORMAT_WARNINGS: Text(note)},
            body=(),
        )

    def _gone(self, record: PageRecord, page: PageState, verdict: Verdict) -> Reconciled:
        return self._end(replace(record, page=page, standing=Standing.DEPARTED, what=""), verdict)

    def _unwanted(self, record: PageRecord, page: PageState, verdict: Verdict, *, what: str) -> Reconciled:
        """Take note that a person had put the page away: that stands, also once the log is back."""
        return self._end(replace(record, page=page, standing=Standing.UNWANTED, what=what), verdict)

    def _end(self, record: PageRecord, verdict: Verdict) -> Reconciled:
        self.store.save(replace(record, stamp=None, hint="", since=self.now))
        return Reconciled(verdict, record.url)

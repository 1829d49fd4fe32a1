"""Find what Notion, or the firewall in front of it, refuses, by halves, and bring the rest of the page in."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from sync.convergence.apply import Applier
from sync.errors import AccessLost, Rejected
from sync.names import Key, Property
from sync.notion.uploads import FileRefused
from sync.page.blocks import Attachment
from sync.page.draft import PageDraft, unvouched
from sync.page.fingerprint import fingerprint
from sync.page.withheld import Whole, neutral, refusal_mark, suspects, withhold
from sync.page.words import block_words
from sync.planning.actions import (
    AppendBlocks,
    CreatePage,
    DeleteBlock,
    End,
    UpdateBlock,
    UpdateProperties,
    Write,
)
from sync.planning.halving import culprit, halves
from sync.planning.page_state import PageState
from sync.state.refusals import Refusals

Writing: TypeAlias = Callable[[Write, PageState, PageDraft], Awaitable[PageState]]
"""Carries out a write for a draft and returns what is then known of the page."""

_HARMLESS = Key("ai-traces")

_CONTENT = frozenset((400, 413))
"""Statuses of a write that holds something which Notion does not take."""


@dataclass(frozen=True, slots=True)
class Sieve:
    """A page, and what is known not to go onto it.

    Attributes:
        whole: The page if everything were let through.
        refusals: Remembers what was found, so that no search is made twice.
    """

    whole: Whole
    refusals: Refusals

    def draft(self) -> PageDraft:
        """Return the page with notes for all that is known to be refused."""
        return withhold(self.whole, self.refusals.known())

    def notice(self) -> str:
        """Return what the page says of what is missing; empty when nothing is."""
        ending = self.draft().body[len(self.whole.draft.body) :]
        return block_words(ending[0]) if ending else ""


class Sifter:
    """The search in one log.

    Args:
        sieve: The page, and where to remember what is found.
        applier: For the same page, its draft made a moment ago.
        write: Makes the attempts.
    """

    def __init__(self, sieve: Sieve, applier: Applier, *, write: Writing) -> None:
        self._sieve = sieve
        self._gateway = applier.gateway
        self._lane = applier.lane
        self._write = write
        self._noted = sieve.refusals.known()
        self._draft = applier.draft
        self._selective = False
        self._attached_again = False

    def draft(self) -> PageDraft:
        """Return the page with notes for all that is known to be refused by now."""
        self._noted = self._sieve.refusals.known()
        self._draft = self._sieve.draft()
        return self._draft

    async def sift(self, refusal: Rejected, action: Write, state: PageState) -> PageState:
        """Get done what can be done of a refused write; what cannot is no longer in the draft.

        Each call brings something in, or finds something refused, or raises.

        Raises:
            Rejected: It was not refused for its words, or there is nothing left to leave out.
            AccessLost: The firewall refuses everything, whatever it says.
        """
        match action:
            case _ if attaches(action):
                self._without_file(refusal)
            case _ if not _for_content(refusal):
                raise refusal
            case CreatePage():
                state = await self._create(refusal, action, state)
            case AppendBlocks():
                state = await self._append(refusal, action, state)
            case UpdateBlock(block=block):
                passed, state = await self._once_more(refusal, action, state)
                if not passed:
                    await self._refuse(refusal, [fingerprint(block)])
            case UpdateProperties():
                state = await self._properties(refusal, state)
            case DeleteBlock():
                raise refusal
            case _:
                assert_never(action)
        return state

    async def _attempt(self, action: Write, state: PageState, draft: PageDraft) -> tuple[bool, PageState]:
        """Write; tell whether it was let through, and what is then known of the page."""
        try:
            state = await self._write(action, state, draft)
        except Rejected as refusal:
            if not _for_content(refusal):
                raise
            return False, state
        self._selective = True
        return True, state

    async def _once_more(self, refusal: Rejected, action: Write, state: PageState) -> tuple[bool, PageState]:
        """Try a block alone again that the firewall has refused: it may have been in a mood."""
        if not refusal.by_firewall:
            return False, state
        return await self._attempt(action, state, self._draft)

    async def _create(self, refusal: Rejected, action: CreatePage, state: PageState) -> PageState:
        """Make the page empty, if need be with neutral properties; then its blocks are to blame, or not."""
        draft, bare = self._draft, CreatePage((), hashed=False)
        made, state = await self._attempt(bare, state, draft)
        blocks_to_blame = made
        if not made:
            made, state = await self._attempt(bare, state, neutral(draft, suspects(draft)))
        if not made and not refusal.by_firewall:
            raise refusal  # Notion itself takes no page of this kind: it is not a matter of its words
        if not made:
            await self._confirm_selective()
            hint = "Rename it: to the firewall its path looks like an attack"
            raise Rejected(refusal.what, hint, status=refusal.status, by_firewall=True) from refusal
        append = AppendBlocks(None, End(), action.blocks)
        if not action.blocks:
            return state
        if not blocks_to_blame or len(action.blocks) == 1:
            passed, state = await self._attempt(append, state, draft)
            if passed:
                return state
        return await self._append(refusal, append, state)

    async def _append(self, refusal: Rejected, action: AppendBlocks, state: PageState) -> PageState:
        """Send what can be sent of a refused append. What is below a refused block comes in a later plan."""
        parts = halves(action)
        if not parts:
            passed, state = await self._once_more(refusal, action, state)
            if not passed:
                await self._refuse(refusal, [fingerprint(culprit(action.blocks[0]))])
        surely = False
        for part in parts:
            rest = self._without_found(part)
            if not rest.blocks:
                continue
            passed = False
            # Where all of the first half passed, the second is to blame; a single block may yet be innocent.
            if not (surely and rest == part and len(part.blocks) > 1):
                passed, state = await self._attempt(rest, state, self._draft)
            if not passed:
                state = await self._append(refusal, rest, state)
            surely = passed and rest == part and len(action.blocks) > 1
        return state

    def _without_found(self, action: AppendBlocks) -> AppendBlocks:
        """Leave out what was found since the draft was made: the same words stand in several places."""
        known = self._sieve.refusals.known()
        return replace(
            action, blocks=tuple(each for each in action.blocks if fingerprint(culprit(each)) not in known)
        )

    async def _properties(self, refusal: Rejected, state: PageState) -> PageState:
        draft = unvouched(self._draft)
        names = suspects(draft)
        passed, state = await self._attempt(UpdateProperties(), state, neutral(draft, names))
        if not passed:
            raise refusal
        guilty, state = await self._guilty(names, draft, state)
        # Refused together, and each let through alone: one half goes, so that the rest can stay.
        guilty = guilty or names[len(names) // 2 :]
        await self._refuse(refusal, [refusal_mark(name, draft.properties[name]) for name in guilty])
        return state

    async def _guilty(
        self, names: Sequence[Property], draft: PageDraft, state: PageState
    ) -> tuple[tuple[Property, ...], PageState]:
        others = [name for name in suspects(draft) if name not in names]
        passed, state = await self._attempt(UpdateProperties(), state, neutral(draft, others))
        if passed or len(names) < 2:  # noqa: PLR2004 - one cannot be halved
            return (() if passed else tuple(names)), state
        middle = len(names) // 2
        left, state = await self._guilty(names[:middle], draft, state)
        right, state = await self._guilty(names[middle:], draft, state)
        return (*left, *right) or tuple(names[middle:]), state

    def _without_file(self, refusal: Rejected) -> None:
        """Attach it once more, as the upload may have waited for too long; then do without it."""
        if not isinstance(refusal, FileRefused) and not self._attached_again:
            self._attached_again = True
            return
        self._remember(refusal, [self._sieve.whole.original.mark])

    async def _refuse(self, refusal: Rejected, fingerprints: Sequence[str]) -> None:
        await self._confirm_selective()
        self._remember(refusal, fingerprints)

    def _remember(self, refusal: Rejected, fingerprints: Sequence[str]) -> None:
        if self._noted.issuperset(fingerprints):
            raise refusal  # our own note of it is refused, or there is nothing to put in its place
        self._sieve.refusals.add(fingerprints)

    async def _confirm_selective(self) -> None:
        """Ask something harmless, unless something has passed: a firewall may refuse a whole machine."""
        if self._selective:
            return
        try:
            await self._gateway.find(_HARMLESS, lane=self._lane)
        except Rejected as refusal:
            if not refusal.by_firewall:
                raise
            raise AccessLost(
                "The firewall in front of Notion refuses everything that this machine sends",
                "Check the network, its proxy and VPN",
            ) from refusal
        self._selective = True


def _for_content(refusal: Rejected) -> bool:
    """Tell whether a write was refused for what it holds, by the firewall or by Notion itself."""
    return refusal.by_firewall or refusal.status in _CONTENT


def attaches(action: Write) -> bool:
    """Tell whether a write attaches a file: those travel alone."""
    match action:
        case AppendBlocks(blocks=(Attachment(),)) | UpdateBlock(block=Attachment()):
            return True
        case _:
            return False

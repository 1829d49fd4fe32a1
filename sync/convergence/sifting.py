"""Find by halving what Notion, or the firewall in front of it, refuses, and bring in the rest of the page."""

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
"""Statuses by which Notion refuses a write for what it holds."""


@dataclass(frozen=True, slots=True)
class Sieve:
    """A page, and what is known not to go onto it.

    Attributes:
        whole: The page as it would be if everything were accepted.
        refusals: Remembers what was found, so that no search is made twice.
    """

    whole: Whole
    refusals: Refusals

    def draft(self) -> PageDraft:
        """Return the page with notes in place of what is known to be refused."""
        return withhold(self.whole, self.refusals.known())

    def notice(self) -> str:
        """Return the page's own note of what is missing; empty when nothing is."""
        ending = self.draft().body[len(self.whole.draft.body) :]
        return block_words(ending[0]) if ending else ""


class Sifter:
    """The search in one log.

    Args:
        sieve: The page, and where to remember what is found.
        applier: The requests for the same page, with the sieve's draft.
        write: Sends the attempts.
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
        """Return the page with notes in place of what is known to be refused by now; go on from it."""
        self._noted = self._sieve.refusals.known()
        self._draft = self._sieve.draft()
        return self._draft

    async def sift(self, refusal: Rejected, action: Write, state: PageState) -> PageState:
        """Bring in as much of a refused write as is accepted; the next draft leaves out the rest.

        Each call brings something in, or finds something that is refused, or raises.

        Raises:
            Rejected: It was not refused for its content, or there is nothing left to leave out.
            AccessLost: The firewall refuses everything, whatever the content.
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
        """Try a write; return whether it was accepted, and what is known of the page afterwards."""
        try:
            state = await self._write(action, state, draft)
        except Rejected as refusal:
            if not _for_content(refusal):
                raise
            return False, state
        self._selective = True
        return True, state

    async def _once_more(self, refusal: Rejected, action: Write, state: PageState) -> tuple[bool, PageState]:
        """Try a single block again that the firewall has refused: its verdicts are not always the same."""
        if not refusal.by_firewall:
            return False, state
        return await self._attempt(action, state, self._draft)

    async def _create(self, refusal: Rejected, action: CreatePage, state: PageState) -> PageState:
        """Create the page without blocks, if need be with neutral properties, to see which are refused."""
        draft, bare = self._draft, CreatePage((), hashed=False)
        made, state = await self._attempt(bare, state, draft)
        blocks_to_blame = made
        if not made:
            made, state = await self._attempt(bare, state, neutral(draft, suspects(draft)))
        if not made and not refusal.by_firewall:
            raise refusal  # Notion itself takes no page of this kind, whatever it says
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
        """Send what is accepted of a refused append; what goes below a refused block comes later."""
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
            # If all of the first half passed, the second is to blame; a single block is tried all the same.
            if not (surely and rest == part and len(part.blocks) > 1):
                passed, state = await self._attempt(rest, state, self._draft)
            if not passed:
                state = await self._append(refusal, rest, state)
            surely = passed and rest == part and len(action.blocks) > 1
        return state

    def _without_found(self, action: AppendBlocks) -> AppendBlocks:
        """Leave out what was found since the draft was made: the same words may stand in several places."""
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
        # Refused together, yet each accepted alone: leave out one half, so that the other can stay.
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
        """Let the file be attached once more, as its upload may have expired; after that do without it."""
        if not isinstance(refusal, FileRefused) and not self._attached_again:
            self._attached_again = True
            return
        self._remember(refusal, [self._sieve.whole.original.mark])

    async def _refuse(self, refusal: Rejected, fingerprints: Sequence[str]) -> None:
        await self._confirm_selective()
        self._remember(refusal, fingerprints)

    def _remember(self, refusal: Rejected, fingerprints: Sequence[str]) -> None:
        if self._noted.issuperset(fingerprints):
            raise refusal  # the note in its place is refused as well, or there is no place for one
        self._sieve.refusals.add(fingerprints)

    async def _confirm_selective(self) -> None:
        """Make sure that the firewall does not refuse this whole machine: ask it something harmless."""
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
    """Tell whether a write attaches a file; such a write holds nothing else."""
    match action:
        case AppendBlocks(blocks=(Attachment(),)) | UpdateBlock(block=Attachment()):
            return True
        case _:
            return False

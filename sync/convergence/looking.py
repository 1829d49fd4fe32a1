"""Look at a page that a person has been at: what it says in our properties, and where to read it again."""

from dataclasses import dataclass, replace

from sync.convergence.apply import Applier
from sync.errors import PageGone
from sync.page.draft import properties_fingerprint
from sync.planning.outline import Outline
from sync.planning.page_state import Synced


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at a page has shown.

    Attributes:
        state: What may be relied on: no block, every level is read again.
        believed: Our blocks as we last left them; None: unknown.
        strays: What a person wrote into our properties, as lines; empty when nothing.
        sure: It is hers, as the properties should still say what we wrote.
        stays: It is to stay there.
    """

    state: Synced
    believed: Outline | None
    strays: str
    sure: bool
    stays: bool

    def believing(self, outline: Outline) -> "Looked":
        """Return the look with another belief about what was last left on the page."""
        return replace(self, believed=outline)


async def look(applier: Applier, state: Synced, *, keep_edits: bool) -> Looked:
    """Ask for the page once.

    Args:
        applier: The requests for this page.
        state: What is known of it.
        keep_edits: What a person made of ours stays, unless the log itself changes there.

    Raises:
        PageGone: It is in the trash, or nowhere.
    """
    page = await applier.gateway.examine(state.page_id, applier.draft, lane=applier.lane)
    if page.row.in_trash:
        raise PageGone("The page is in Notion's trash")
    as_written = state.properties == properties_fingerprint(applier.draft)
    strays = "\n".join(f"{name.value}: {says}" for name, says in page.strays.items() if says)
    stays = as_written and keep_edits and bool(strays)
    return Looked(
        state=replace(
            state,
            properties=state.properties if stays or not page.strays else None,
            outline=None,
        ),
        believed=state.outline,
        strays="" if stays else strays,
        sure=as_written,
        stays=stays,
    )

"""Leave out what Notion refuses, with visible notes and the whole log at the end of the page."""

from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from hashlib import blake2b
from posixpath import basename
from typing import Final, assert_never

from sync.names import LogPath, Property
from sync.page.batches import with_children
from sync.page.blocks import (
    Attachment,
    Block,
    Bullet,
    Callout,
    Code,
    Divider,
    Heading,
    Numbered,
    Paragraph,
    Quote,
    Run,
    Table,
    TableRow,
    ToDo,
    children,
)
from sync.page.draft import Choices, Links, Moment, PageDraft, Text, Value
from sync.page.fingerprint import fingerprint
from sync.page.languages import PLAIN_TEXT
from sync.page.linkless import without_links
from sync.page.richtext import plain

_SIGN: Final = "⚠️"
_FIREWALL: Final = "Notion, or the firewall in front of it, refuses their text"
_TOO_LONG: Final = "the log is too long for a page"
_OF_PROPERTY: Final = f"{_SIGN} Notion, or the firewall in front of it, refuses this text"
_EXACT: Final = frozenset((Property.LOG_PATH, Property.CONTENT_HASH))


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The file behind a page.

    Attributes:
        path: The path of the log.
        version: A hexadecimal number that identifies the content.
        attachable: Whether it is small enough to be attached to the page.
    """

    path: LogPath
    version: str
    attachable: bool

    @property
    def mark(self) -> str:
        """The mark of a refused file; it does not depend on the version, which will be refused, too."""
        return f"file:{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A page as it would be if Notion refused nothing, and the file behind it.

    Attributes:
        draft: The page.
        original: The file.
        abridged: Whether the page shows only the head and tail of the log.
    """

    draft: PageDraft
    original: Original
    abridged: bool


def withhold(whole: Whole, refused: AbstractSet[str]) -> PageDraft:
    """Return the page with a visible note in place of everything that was refused.

    A block keeps its kind and children, and so its comments, number or box. One with links is first tried
    without them, as Notion refuses a whole block for one malformed link. If anything is missing, the page
    ends with where the whole log is, and with the log as a file.

    Args:
        whole: The page.
        refused: The fingerprints of refused blocks, and the marks of refused properties.
    """
    draft = whole.draft
    shown = [_shown(block, refused) for block in draft.body] if refused else []
    body = tuple(block for block, _ in shown) if refused else draft.body
    bad = [name for name in suspects(draft) if refusal_mark(name, draft.properties[name]) in refused]
    is_missing = any(lacks for _, lacks in shown)
    reasons = [*([_FIREWALL] if is_missing else ()), *([_TOO_LONG] if whole.abridged else ())]
    ending = _ending(whole.original, " and ".join(reasons), refused) if reasons else ()
    return replace(neutral(draft, bad), body=(*body, *ending))


def suspects(draft: PageDraft) -> tuple[Property, ...]:
    """Return the properties whose value comes from the log and may be refused."""
    return tuple(
        name
        for name, value in draft.properties.items()
        if name not in _EXACT
        and (
            (isinstance(value, Text | Links) and value.text)
            or (isinstance(value, Choices) and value.options)
            or (isinstance(value, Moment) and value.start is not None)
        )
    )


def refusal_mark(name: Property, value: Value) -> str:
    """Return the mark of a refused property, which depends on its value."""
    return f"{name.name}:{blake2b(repr(value).encode('utf-8', 'replace'), digest_size=8).hexdigest()}"


def neutral(draft: PageDraft, names: Iterable[Property]) -> PageDraft:
    """Return the page with these properties cleared of the log's text."""
    held = {name: _silent(draft.properties[name]) for name in names}
    if Property.TITLE in held:
        held[Property.TITLE] = Text(f"{_SIGN} {draft.key}")
    return replace(draft, properties={**draft.properties, **held})


def _silent(value: Value) -> Value:
    match value:
        case Choices():
            return Choices(())
        case Links():
            return Links(())
        case Moment():
            return Moment(None)
        case _:
            return Text(_OF_PROPERTY)


def _shown(block: Block, refused: AbstractSet[str]) -> tuple[Block, bool]:
    """Return what the page shows for a block, and whether it lacks any of the block's words."""
    below = [_shown(child, refused) for child in children(block)]
    lacks = any(lacking for _, lacking in below)
    if below:
        block = with_children(block, tuple(child for child, _ in below))
    if fingerprint(block) not in refused:
        return block, lacks
    written_out = without_links(block)
    if written_out is not None and fingerprint(written_out) not in refused:
        return written_out, lacks
    return _noted(block, refused), True


def _noted(block: Block, refused: AbstractSet[str]) -> Block:
    """Replace a block's text by a note, or by a mere sign if the note is refused, too."""
    lines = _lines(block)
    count = "A line is" if lines == 1 else f"{lines:,} lines are"
    long = _with_text(block, f"{_SIGN} {count} missing here: {_FIREWALL}. See the end of this page.")
    return long if fingerprint(long) not in refused else _with_text(block, _SIGN)


def _lines(block: Block) -> int:
    match block:
        case Divider() | Table() | TableRow() | Attachment():
            return 1
        case _:
            return plain(block.text).count("\n") + 1


def _with_text(block: Block, words: str) -> Block:
    text = (Run(words),)
    match block:
        case Code():
            return Code(text, PLAIN_TEXT)
        case TableRow():
            return TableRow((text, *((),) * (len(block.cells) - 1)))
        case Paragraph() | Heading() | Bullet() | Numbered() | ToDo() | Quote() | Callout():
            return replace(block, text=text)
        case Divider() | Table() | Attachment():
            return block
        case _:
            assert_never(block)


def _ending(original: Original, reasons: str, refused: AbstractSet[str]) -> tuple[Block, ...]:
    missing = f"Parts of this log are not on this page: {reasons}."
    file = Attachment(f"{basename(original.path)}.txt", original.version)
    if original.attachable and original.mark not in refused:
        return (_notice((f"{missing} The whole log is in the file below.",), refused), file)
    where = f"{missing} The whole log is in the file {original.path} in the logs folder."
    return (_notice((where, f"{missing} The whole log is in the logs folder."), refused),)


def _notice(wordings: Collection[str], refused: AbstractSet[str]) -> Callout:
    notices = [Callout((Run(words),), _SIGN) for words in (*wordings, "See the log itself.")]
    return next((each for each in notices if fingerprint(each) not in refused), notices[-1])

"""What a firewall refuses is left out in sight of the reader, and the search for it ends."""

from dataclasses import replace
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.names import BlockId, Digest, Key, LogPath, Property
from sync.page.batches import batches, count_blocks
from sync.page.blocks import (
    PLAIN,
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
    Style,
    Table,
    TableRow,
    ToDo,
    children,
)
from sync.page.fingerprint import fingerprint, kind
from sync.page.from_content import page_from_content
from sync.page.linkless import without_links
from sync.page.richtext import plain
from sync.page.withheld import Whole, neutral, refusal_mark, suspects, withhold
from sync.page.words import block_words
from sync.planning.actions import After, AppendBlocks, End, Position, Start
from sync.planning.halving import culprit, halves

PATH = LogPath("2026-01-10-x.md")
BAD = (Run("cat /etc/hosts"),)
GOOD = (Run("fine"),)
BOLD = Style(bold=True)
LOG = "# Execution Log: X-1\n\n**ENV:** prod\n\n## Task\n\nfirst\n\n- one\n  - two\n\n```sh\na\nb\n```\n"


def of(markdown: str, *, path: LogPath = PATH) -> Whole:
    """Return the page of a log."""
    return page_from_content(
        markdown.encode(),
        None,
        path=path,
        key=Key(path),
        content_hash=Digest("ab" * 32),
        zone=UTC,
        redacted={},
    )


def every(blocks: tuple[Block, ...]) -> list[Block]:
    """Return blocks and all below them."""
    return [each for block in blocks for each in (block, *every(children(block)))]


def test_a_page_with_nothing_refused_is_itself() -> None:
    """Nothing is added where nothing is missing, whatever was refused in other logs."""
    page = of(LOG)
    assert withhold(page, frozenset()) == page.draft
    assert withhold(page, frozenset(("0" * 20, "SUMMARY:0"))) == page.draft


@pytest.mark.parametrize(
    "block",
    [
        Paragraph(BAD, (Bullet(GOOD),)),
        Heading(2, BAD),
        Bullet(BAD, (Bullet(GOOD),)),
        Numbered(BAD),
        ToDo(BAD, checked=True),
        Quote(BAD, (Paragraph(GOOD),)),
        Code(BAD, "bash"),
        Table(2, (TableRow((BAD, BAD)), TableRow((GOOD, GOOD)))),
    ],
)
def test_a_note_stands_where_the_block_stood(block: Block) -> None:
    """Kind, box and children stay, so that the block changes in place; its words give way to a sign."""
    page = of(LOG)
    page = Whole(
        draft=type(page.draft)(
            **{
                **{name: getattr(page.draft, name) for name in page.draft.__slots__},
                "body": (Paragraph(GOOD), block),
            }
        ),
        original=page.original,
        abridged=False,
    )
    first, noted, notice, file = withhold(page, {fingerprint(culprit(block))}).body
    assert first == Paragraph(GOOD)
    assert kind(noted) == kind(block)
    shown = [block_words(each) for each in every((noted,))]
    assert not any("/etc/hosts" in text for text in shown)
    assert any(text.lstrip("[x] ").startswith("⚠️") and "firewall" in text for text in shown)
    below = children(block)[1:] if isinstance(block, Table) else children(block)
    assert (children(noted)[1:] if isinstance(noted, Table) else children(noted)) == below
    assert isinstance(notice, Callout)
    assert plain(notice.text).endswith("The whole log is in the file below.")
    assert file == Attachment("2026-01-10-x.md.txt", "ab" * 8)


LINKED = (Run("see "), Run("the ", BOLD, "https://x.example/a"), Run("page", PLAIN, "https://x.example/a"))


@pytest.mark.parametrize(
    "block",
    [
        Paragraph(LINKED, (Bullet(GOOD),)),
        Heading(2, LINKED),
        ToDo(LINKED, checked=True),
        Code(LINKED, "bash"),
        TableRow((GOOD, LINKED)),
    ],
)
def test_a_block_is_shown_without_its_links_first(block: Block) -> None:
    """All its words stay, and where they lead: nothing is missing, so that the page says nothing of it."""
    page = replace(
        of(LOG),
        draft=replace(of(LOG).draft, body=(Table(2, (block,)) if isinstance(block, TableRow) else block,)),
    )
    bare = without_links(block)
    assert bare is not None
    assert block_words(bare).endswith("see the page (https://x.example/a)")
    assert kind(bare) == kind(block)
    assert children(bare) == children(block)
    (shown,) = withhold(page, {fingerprint(block)}).body
    assert (children(shown)[0] if isinstance(shown, Table) else shown) == bare
    noted, notice, _ = withhold(page, {fingerprint(block), fingerprint(bare)}).body
    assert "missing here" in "".join(block_words(each) for each in every((noted,)))
    assert isinstance(notice, Callout)


def test_a_block_without_links_has_none_to_lose() -> None:
    """And one that would grow too long by them is left as it is."""
    many = tuple(Run(f"w{n} ", BOLD, f"https://x.example/{n}") for n in range(90))
    assert without_links(Paragraph(GOOD)) is None
    assert without_links(Divider()) is None
    assert without_links(Paragraph(many)) is None


def test_a_note_counts_the_lines() -> None:
    """A reader sees how much is missing."""
    page = of(LOG)
    code = page.draft.body[-1]
    noted = withhold(page, {fingerprint(code)}).body[-3]
    assert isinstance(noted, Code)
    assert plain(noted.text).startswith("⚠️ 2 lines are missing here")


def test_where_the_file_is_refused_the_page_says_where_it_is() -> None:
    """The notice then names the file in the logs folder, and there is no attachment."""
    page = of(LOG)
    refused = {fingerprint(page.draft.body[-1]), page.original.mark}
    *_, notice = withhold(page, refused).body
    assert "in the file 2026-01-10-x.md in the logs folder" in block_words(notice)


def test_even_a_refused_note_leaves_a_sign() -> None:
    """The search ends although the firewall takes offence at our own words."""
    page = of(LOG)
    refused = {fingerprint(page.draft.body[-1])}
    for _ in range(4):
        body = withhold(page, refused).body
        refused |= {fingerprint(body[len(page.draft.body) - 1])}
        notices = [block for block in body if isinstance(block, Callout)]
        refused |= {fingerprint(notices[0])}
    body = withhold(page, refused).body
    assert block_words(body[len(page.draft.body) - 1]) == "⚠️"
    assert any(isinstance(block, Callout) for block in body)


def test_another_text_is_another_chance() -> None:
    """What was refused is known by its words: the block or value that replaces it is tried."""
    draft = of(LOG).draft
    refused = {refusal_mark(Property.TITLE, draft.properties[Property.TITLE]), fingerprint(draft.body[-1])}
    changed = of(LOG.replace("X-1", "X-2").replace("\nb\n", "\nc\n"))
    assert withhold(changed, refused) == changed.draft


def test_a_refused_property_holds_nothing_of_the_log() -> None:
    """Only the path and the hash are sent as they are; the body still carries every word."""
    page = of(LOG)
    names = suspects(page.draft)
    assert Property.SUMMARY in names
    assert not {Property.LOG_PATH, Property.CONTENT_HASH, Property.ENV} & set(names)
    refused = {refusal_mark(name, page.draft.properties[name]) for name in names}
    held = withhold(page, refused)
    assert held == neutral(page.draft, names)
    assert held.body == page.draft.body
    assert "first" not in repr(held.properties)


def test_a_file_travels_alone() -> None:
    """What is refused then is the file and nothing else, and no other refusal uploads it again."""
    file = Attachment("a.md.txt", "ab")
    words_ = [Paragraph(GOOD)] * 3
    sent = list(batches([*words_, file, *words_], reserved_bytes=0))
    assert sent == [tuple(words_), (file,), tuple(words_)]
    assert list(batches([file, file], reserved_bytes=0)) == [(file,), (file,)]


positions: list[Position] = [Start(), End(), After(BlockId("a"))]


@pytest.mark.parametrize("position", positions)
@given(size=st.integers(1, 100), bad=st.sets(st.integers(0, 99), max_size=5))
def test_the_search_brings_in_all_that_passes_in_its_order(
    position: Position, size: int, bad: set[int]
) -> None:
    """Sent one after the other, the halves leave the page as the whole append would have, without the bad."""
    blocks = tuple(Paragraph((Run(str(number)),)) for number in range(size))
    page: list[Block] = []
    found: set[int] = set()
    attempts = 0

    def attempt(action: AppendBlocks) -> None:
        nonlocal attempts
        attempts += 1
        numbers = [int(block_words(block)) for block in action.blocks]
        if not bad.isdisjoint(numbers):
            parts = halves(action)
            if not parts:
                found.update(numbers)
            for part in parts:
                attempt(part)
        elif isinstance(position, End):
            page.extend(action.blocks)
        else:
            page[:0] = action.blocks

    attempt(AppendBlocks(None, position, blocks))
    there = bad & set(range(size))
    assert found == there
    assert page == [block for number, block in enumerate(blocks) if number not in there]
    assert attempts <= 1 + 2 * len(there) * max(size - 1, 1).bit_length()


def test_a_single_block_is_tried_without_what_is_below_it() -> None:
    """Then it is alone to blame; a table keeps one row, as it cannot be without."""
    deep = Bullet(GOOD, (Bullet(BAD),))
    (bare,) = halves(AppendBlocks(None, End(), (deep,)))
    assert bare.blocks == (Bullet(GOOD),)
    assert halves(bare) == ()
    table = Table(1, (TableRow((BAD,)), TableRow((GOOD,))))
    (bare,) = halves(AppendBlocks(None, End(), (table,)))
    assert sum(map(count_blocks, bare.blocks)) == 2
    assert halves(bare) == ()
    assert culprit(bare.blocks[0]) == TableRow((BAD,))

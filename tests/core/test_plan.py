"""The planner: what it plans makes the page equal, and costs no more than it must."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.names import BlockId
from sync.page.blocks import Block, Bullet, Code, Heading, Run, Table, TableRow
from sync.page.draft import properties_fingerprint, unvouched
from sync.planning.actions import (
    AppendBlocks,
    CreatePage,
    DeleteBlock,
    ListBlocks,
    LookUp,
    UpdateBlock,
    UpdateProperties,
)
from sync.planning.outline import outline_of, same
from sync.planning.page_state import Absent, PageState, Synced, Uncertain, synced
from sync.planning.plan import is_made_at_once, plan
from tests.worlds.simulated_page import (
    PAGE,
    SimulatedBlock,
    SimulatedPage,
    bring_in_step,
    draft_of,
    paragraph,
)

LEAVES = st.one_of(
    st.builds(paragraph, st.sampled_from("abcdef")),
    st.builds(lambda text: Heading(2, (Run(text),)), st.sampled_from("abc")),
    st.builds(lambda text: Code((Run(text),), "python"), st.sampled_from("abc")),
    st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(
        lambda cells: Table(1, tuple(TableRow(((Run(cell),),)) for cell in cells))
    ),
)
TREES = st.recursive(
    LEAVES,
    lambda below: st.builds(
        lambda text, kids: Bullet((Run(text),), tuple(kids)),
        st.sampled_from("abc"),
        st.lists(below, max_size=4),
    ),
    max_leaves=12,
)
BODIES = st.lists(TREES, max_size=8)


@given(BODIES)
def test_a_page_in_step_needs_nothing(body: list[Block]) -> None:
    """plan(draft, synced(draft)) is empty, whatever the draft."""
    draft = draft_of(body)

    assert plan(draft, synced(draft, PAGE)) == ()


@given(BODIES)
def test_a_new_page_becomes_the_draft(body: list[Block]) -> None:
    """From nothing, the plans make the whole body, however deep, and then stop."""
    page, draft = SimulatedPage(), draft_of(body)

    bring_in_step(page, draft, Absent())

    assert same(page.outline(), outline_of(draft.body))


@given(BODIES, BODIES, st.booleans())
def test_a_changed_draft_is_reached_from_any_other(old: list[Block], new: list[Block], forget: bool) -> None:
    """Applying plan(d, s) to s gives d, whether or not the blocks' ids are known."""
    page = SimulatedPage()
    state = bring_in_step(page, draft_of(old), Absent())

    end = bring_in_step(page, draft_of(new, "new"), Synced(PAGE, None, None) if forget else state)

    assert same(page.outline(), outline_of(tuple(new)))
    assert same(end.outline, outline_of(tuple(new)))
    assert page.properties == properties_fingerprint(draft_of(new, "new"))


@given(BODIES, BODIES)
def test_the_hash_of_an_update_is_written_last(old: list[Block], new: list[Block]) -> None:
    """Nothing is left to write behind it, however deep the new blocks are nested."""
    page = SimulatedPage()
    state = bring_in_step(page, draft_of(old), Absent())
    page.writes.clear()

    bring_in_step(page, draft_of(new, "new"), state)

    assert [type(write) for write in page.writes].index(UpdateProperties) == len(page.writes) - 1


@given(BODIES, BODIES)
def test_appending_deletes_nothing_and_keeps_every_id(old: list[Block], more: list[Block]) -> None:
    """A log that only grows keeps all its blocks: no delete, no block made anew."""
    page = SimulatedPage()
    state = bring_in_step(page, draft_of(old), Absent())
    before = [node.block_id for node in page.walk()]
    page.writes.clear()

    bring_in_step(page, draft_of([*old, *more]), state)

    assert before == [node.block_id for node in page.walk() if node.block_id in before]
    assert not [action for action in page.writes if isinstance(action, (DeleteBlock, UpdateBlock))]


@given(BODIES, BODIES, st.data())
def test_what_jen_added_stays(old: list[Block], new: list[Block], data: st.DataObject) -> None:
    """Blocks that are not ours survive every change of the log at top level."""
    page = SimulatedPage()
    state = bring_in_step(page, draft_of(old), Absent())
    spots = data.draw(st.lists(st.integers(0, len(page.nodes)), max_size=3))
    for number, spot in enumerate(spots):
        page.nodes.insert(spot, SimulatedBlock(BlockId(f"jen{number}"), paragraph("hers"), foreign=True))

    bring_in_step(page, draft_of(new), state)

    assert {f"jen{number}" for number in range(len(spots))} <= {node.block_id for node in page.nodes}
    assert same(page.outline(), outline_of(tuple(new)))


def test_a_new_log_is_one_request() -> None:
    """A hundred blocks, nested two levels, are one create."""
    deep = Bullet((Run("a"),), (Bullet((Run("b"),), (paragraph("c"),)),))
    draft = draft_of([deep] * 100)

    (action,) = plan(draft, Absent())

    assert action == CreatePage(draft.body, hashed=True)


@pytest.mark.parametrize(("blocks", "requests"), [(100, 1), (101, 2), (200, 2), (201, 3), (1000, 10)])
def test_a_large_body_is_one_create_and_the_fewest_appends(blocks: int, requests: int) -> None:
    """Each request is as full as Notion allows, and none goes without blocks: the create carries the hash."""
    draft = draft_of([paragraph(str(number)) for number in range(blocks)])

    assert requests == len(plan(draft, Absent()))


def test_a_one_line_edit_is_three_requests_at_first_and_two_later() -> None:
    """The first change of a page lists its blocks once; later changes know the ids."""
    body = [paragraph(str(number)) for number in range(50)]
    page = SimulatedPage()
    state: PageState = bring_in_step(page, draft_of(body), Absent())

    for round_number, reads in ((1, 1), (2, 0)):
        page.writes.clear()
        page.reads.clear()
        body[20] = paragraph(f"changed {round_number}")
        state = bring_in_step(page, draft_of(body, str(round_number)), state)

        assert reads == len(page.reads)
        assert [UpdateBlock, UpdateProperties] == [type(action) for action in page.writes]


def test_a_nested_edit_lists_only_the_way_down() -> None:
    """An edit below a list item costs at most four requests."""
    items = [Bullet((Run(str(number)),), (paragraph("below"),)) for number in range(30)]
    page = SimulatedPage()
    state = bring_in_step(page, draft_of(items), Absent())
    page.writes.clear()
    items[7] = replace(items[7], children=(paragraph("changed"),))

    bring_in_step(page, draft_of(items, "new"), state)

    assert len(page.reads) + len(page.writes) == 4


def test_an_insert_in_the_middle_touches_nothing_else() -> None:
    """A line inserted among equals is one append, not a shift of all that follows."""
    body = [paragraph(str(number)) for number in range(40)]
    page = SimulatedPage()
    state = bring_in_step(page, draft_of(body), Absent())
    page.writes.clear()

    bring_in_step(page, draft_of([*body[:10], paragraph("new"), paragraph("new too"), *body[10:]]), state)

    (action,) = page.writes
    assert isinstance(action, AppendBlocks)
    assert len(action.blocks) == 2


def test_new_content_arrives_before_old_content_leaves() -> None:
    """A page cut short in the middle of a change shows too much rather than too little."""
    page = SimulatedPage()
    state: PageState = bring_in_step(page, draft_of([paragraph("a"), Code((Run("b"),), "python")]), Absent())
    state = page.carry_out(ListBlocks(None), state, draft_of([]))

    actions = plan(draft_of([Heading(2, (Run("c"),))]), state)

    kinds = [type(action) for action in actions]
    assert kinds == [AppendBlocks, DeleteBlock, DeleteBlock]


def test_a_whole_rewrite_of_a_huge_page_updates_in_place() -> None:
    """A thousand blocks that all changed keep their ids: one update each, nothing deleted."""
    page = SimulatedPage()
    old = [paragraph(f"old {number}") for number in range(1000)]
    state = bring_in_step(page, draft_of(old), Absent())
    page.writes.clear()

    bring_in_step(page, draft_of([paragraph(f"new {number}") for number in range(1000)]), state)

    assert {UpdateBlock} == {type(action) for action in page.writes}


def test_a_page_that_is_made_bare_bears_no_hash() -> None:
    """Where a search for what is refused makes the page first, its hash waits for the whole body."""
    page, draft = SimulatedPage(), draft_of([paragraph("one")])

    page.carry_out(CreatePage((), hashed=False), Absent(), draft)

    assert page.properties == properties_fingerprint(unvouched(draft))


@given(BODIES)
def test_what_is_made_at_once_leaves_nothing_for_later(body: list[Block]) -> None:
    """A create alone brings a page in step exactly when it is said to be made at once."""
    page, draft = SimulatedPage(), draft_of(body)

    bring_in_step(page, draft, Absent())

    assert is_made_at_once(draft) == (len(page.writes) == 1)


def test_a_lost_create_is_looked_up_first() -> None:
    """An uncertain page is never created again before it was looked for."""
    state = Uncertain(None, datetime(2026, 1, 1, tzinfo=UTC))

    assert plan(draft_of([]), state) == (LookUp(),)

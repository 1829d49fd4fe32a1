"""`verify` counts every row, whatever the database lacks and whatever the state has forgotten."""

from daemon.backfill.tally import Tally
from daemon.verification.differences import differences
from sync.comparison.differences import Findings
from tests.worlds.place import Place


async def _audited(place: Place) -> Findings:
    async with place.session(Tally(), on_a_copy=True) as session:
        return await differences(session, deep=False)


async def test_without_a_hash_column_no_row_is_lost(place: Place) -> None:
    """The state stands in for the column; pages that it does not know are stale, none of them missing."""
    await place.run()
    place.changed["AI_TRACES_MANAGE_SCHEMA"] = "false"
    source = next(iter(place.notion.workspace.data_sources))
    place.notion.human.delete_property(source, "Content Hash")
    assert (await _audited(place)).in_step
    for file in (place.directory / "state").iterdir():
        file.unlink()
    found = await _audited(place)
    assert (len(found.stale), found.missing, found.duplicate) == (30, (), ())

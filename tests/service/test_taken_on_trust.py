"""A backfill without a state trusts long pages by their hash, and says whose end it has not seen."""

from tests.worlds.place import Place

LONG = "# Execution Log: T-1\n\n" + "Text.\n\n" * 150


def _lose_state(place: Place) -> None:
    for file in (place.directory / "state").iterdir():
        file.unlink()


async def test_long_pages_are_counted_and_cost_nothing(place: Place) -> None:
    """Two of thirty-two pages were not made by one request: their ends are not read, and that is said."""
    place.write("long.md", LONG)
    place.write("longer.md", LONG * 2)
    assert (await place.run()).on_trust == 0
    _lose_state(place)
    summary = await place.run()
    assert (summary.unchanged, summary.adopted, summary.on_trust) == (32, 32, 2)
    assert summary.requests <= 1 + 4
    assert summary.in_step
    assert summary.as_json()["on_trust"] == 2
    assert (await place.run()).on_trust == 0

"""A log on whose page Jen writes, and the words that she writes."""

from tests.worlds.trees import flat
from tests.worlds.world import World

PATH = "2026-01-10-task.md"
LOG = """# Execution Log: T-1

One.

Two.

Three.

- a
  - a1
  - a2
- b

| h | i |
|---|---|
| 1 | 2 |
"""
HERS = "These are my own words."


def comments_on(world: World) -> str:
    """Return all comments on the page of the log and on its living blocks."""
    ws = world.notion.workspace
    page = world.page(PATH)
    places = {page["id"], *(block["id"] for block in flat(page["blocks"]))}
    return "\n".join(
        "".join(item["plain_text"] for item in said.text)
        for said in ws.comments.values()
        if said.parent in places
    )

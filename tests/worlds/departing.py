"""Delete logs, and wait until their files count as gone."""

from sync.departure_decision import GRACE
from tests.worlds.world import World

OTHER = "2026-01-01-other.md"
PATH = "2026-01-10-task.md"


def log(task: str, *, lines: int = 1) -> str:
    """Return the text of a log of this task."""
    text = "\n\n".join(f"Line {number}." for number in range(lines))
    return f"# Execution Log: {task}\n\n**ENV:** dev\n\n## Task\n\n{text}\n"


async def work(world: World, *, seconds: float = 0.0) -> None:
    """Advance the clock, and let the worker do what is due by then."""
    world.clock.advance(seconds)
    await world.work_once()


async def gone(world: World, *paths: str) -> None:
    """Report that files are gone, and advance the clock beyond the grace period."""
    world.event(*paths)
    await work(world)
    await work(world, seconds=GRACE.total_seconds())

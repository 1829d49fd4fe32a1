"""Let a process die while it syncs a log, and the next one finish the work."""

from tests.worlds.world import World


async def through_death(world: World, path: str, text: str, *, at: int, moment: str) -> bool:
    """Sync a log through a death at its nth request; return whether there were that many."""
    await world.start()
    world.write(path, text)
    world.event(path)
    died = await world.die(at, moment)
    if died:
        await world.start()
        world.event(path)
        await world.rest()
    return died

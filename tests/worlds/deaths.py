"""A process that dies while it brings a log in step, and the next one that goes on."""

from tests.worlds.world import World


async def through_death(world: World, path: str, text: str, *, at: int, moment: str) -> bool:
    """Write a log, die at the request of this number, and bring it in step; tell whether there was one."""
    await world.start()
    world.write(path, text)
    world.event(path)
    died = await world.die(at, moment)
    if died:
        await world.start()
        world.event(path)
        await world.rest()
    return died

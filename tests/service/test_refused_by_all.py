"""Notion refuses everything for a while: no log is to blame, and none is set aside for it."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from daemon.breaker import Closed, Open
from sync.state.records import Standing
from tests.worlds.world import World

LOG = "# Execution Log: T-{}\n\nText {}.\n"
REFUSAL = {
    "object": "error",
    "status": 400,
    "code": "validation_error",
    "message": "body failed validation.",
    "request_id": "00000000-0000-4000-8000-000000000000",
}


class _Refusing(httpx.AsyncBaseTransport):
    """Answers 400 to every request of some methods."""

    def __init__(self, inner: httpx.AsyncBaseTransport, *methods: str) -> None:
        self._inner = inner
        self._methods = methods
        self.asked = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Refuse it, or pass it on."""
        if request.method not in self._methods:
            return await self._inner.handle_async_request(request)
        self.asked += 1
        return httpx.Response(400, json=REFUSAL)


@contextmanager
def _refusing(world: World, *methods: str) -> Iterator[_Refusing]:
    usual = world.wire.inner
    world.wire.inner = refusing = _Refusing(usual, *methods)
    yield refusing
    world.wire.inner = usual


def _write(world: World, text: str, *, count: int = 5) -> None:
    for number in range(count):
        world.write(f"{number}.md", LOG.format(number, text))
        world.event(f"{number}.md")


async def test_a_passing_refusal_of_everything_sets_no_log_aside(world: World) -> None:
    """All logs wait, little is asked meanwhile, and afterwards they are in step by themselves."""
    _write(world, "before", count=3)
    await world.rest()
    with _refusing(world, "GET", "POST", "PATCH", "DELETE") as refusing:
        _write(world, "changed")
        await world.work_once()
        breaker = world.worker.breaker
        assert isinstance(breaker, Open)
        assert not breaker.cause.needs_a_person, "nobody has to do anything"
        asked = refusing.asked
        for _ in range(10):
            world.clock.now = max(world.clock.now, breaker.until)
            await world.work_once()
            breaker = world.worker.breaker
            assert isinstance(breaker, Open)
        assert refusing.asked - asked <= 10 * 5
        assert world.store.standing(Standing.QUARANTINED) == ()
    await world.rest()
    assert isinstance(world.worker.breaker, Closed)
    for number in range(5):
        world.check(f"{number}.md")


@pytest.mark.parametrize("is_new", [True, False])
async def test_what_is_refused_while_others_pass_is_set_aside(world: World, is_new: bool) -> None:
    """Where Notion answers what holds nothing of the log, it is not tried again before it changes."""
    if not is_new:
        _write(world, "before", count=1)
        await world.rest()
    with _refusing(world, "POST", "PATCH"):
        world.write("0.md", LOG.format(0, "changed"))
        await world.look("0.md")
        assert world.record("0.md").standing is Standing.QUARANTINED
        assert isinstance(world.worker.breaker, Closed)
        world.forget_requests()
        await world.look("0.md")
        assert world.requests == 0

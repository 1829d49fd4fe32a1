"""The queue for turns: the more urgent first, and among equals the job that came first."""

import asyncio
import heapq
from collections import Counter
from collections.abc import Callable
from typing import TypeAlias

from sync.notion.job_requests import current_job

QueuePlace: TypeAlias = tuple[int, int]
"""A place in the queue: the job's, and the request's own."""


class Turns:
    """A queue that can be left at any time.

    Args:
        returned: Called when a turn was given to somebody who had just left: it can go to the next.
    """

    def __init__(self, returned: Callable[[], None]) -> None:
        self._returned = returned
        self._arrivals = 0
        self._drawn = 0
        self._queue: list[tuple[int, QueuePlace, asyncio.Future[None]]] = []

    def arrive(self) -> QueuePlace:
        """Return a place in the queue, to join at: the job's own, or behind everybody."""
        self._arrivals += 1
        job = current_job()
        return (self._draw() if job is None else job.next_place(self._draw)), self._arrivals

    def join(self, rank: int, place: QueuePlace) -> asyncio.Future[None]:
        """Wait at a place; await what is returned with `taken`."""
        turn = asyncio.get_running_loop().create_future()
        heapq.heappush(self._queue, (rank, place, turn))
        return turn

    async def taken(self, turn: asyncio.Future[None]) -> None:
        """Wait for the turn; if cancelled meanwhile, leave the queue without losing a turn for the others."""
        try:
            await turn
        except asyncio.CancelledError:
            was_given = turn.done() and not turn.cancelled()
            turn.cancel()
            if was_given:
                self._returned()
            raise

    def next_rank(self) -> int | None:
        """Return the rank of whoever is next; None when nobody waits."""
        while self._queue and self._queue[0][2].done():
            heapq.heappop(self._queue)
        return self._queue[0][0] if self._queue else None

    def give(self) -> bool:
        """Give a turn to the next in the queue; return whether there was anybody."""
        if self.next_rank() is None:
            return False
        heapq.heappop(self._queue)[2].set_result(None)
        return True

    def _draw(self) -> int:
        self._drawn += 1
        return self._drawn

    def waiting(self) -> Counter[int]:
        """Return how many wait, by rank."""
        return Counter(rank for rank, _, turn in self._queue if not turn.done())

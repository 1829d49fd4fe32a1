"""Those who wait for a turn: the more urgent first, and among equals the one that came first."""

import asyncio
import heapq
from collections import Counter
from collections.abc import Callable


class Turns:
    """A queue of turns, in which a place can be given up at any time.

    Args:
        returned: Told that a turn was given to somebody who had left: it can go to the next.
    """

    def __init__(self, returned: Callable[[], None]) -> None:
        self._returned = returned
        self._arrivals = 0
        self._queue: list[tuple[int, int, asyncio.Future[None]]] = []

    def arrive(self) -> int:
        """Return the next number: whoever waits again with the same one keeps the place in the queue."""
        self._arrivals += 1
        return self._arrivals

    def join(self, rank: int, number: int) -> asyncio.Future[None]:
        """Take a place; await what is returned with `taken`."""
        turn = asyncio.get_running_loop().create_future()
        heapq.heappush(self._queue, (rank, number, turn))
        return turn

    async def taken(self, turn: asyncio.Future[None]) -> None:
        """Wait for the turn; whoever is cancelled meanwhile leaves the queue, and loses nobody a turn."""
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
        """Give the next one the turn; return whether there was anybody."""
        if self.next_rank() is None:
            return False
        heapq.heappop(self._queue)[2].set_result(None)
        return True

    def waiting(self) -> Counter[int]:
        """Return how many wait, by rank."""
        return Counter(rank for rank, _, turn in self._queue if not turn.done())

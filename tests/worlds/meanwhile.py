"""Let something happen once, right before or after a call: moments that no test would hit by chance."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any


def once_before(
    call: Callable[..., Awaitable[Any]], happening: Callable[[], object], *, seconds: float = 0.0
) -> None:
    """Let something happen right before the next call of a method; if it raises, so does the call.

    Args:
        call: The method, bound to its object.
        happening: Called at that moment.
        seconds: The pause between both, in which other tasks run.
    """

    async def interrupted(*args: object, **options: object) -> Any:  # noqa: ANN401 - passed on as it is
        _put_back(call)
        happening()
        await asyncio.sleep(seconds)
        return await call(*args, **options)

    _put(interrupted, at=call)


def once_after(call: Callable[..., Awaitable[Any]], happening: Callable[[], object]) -> None:
    """Let something happen right after the next call of a method."""

    async def followed(*args: object, **options: object) -> Any:  # noqa: ANN401 - passed on as it is
        _put_back(call)
        answer = await call(*args, **options)
        happening()
        return answer

    _put(followed, at=call)


def _put(replacement: Callable[..., Awaitable[Any]], *, at: Any) -> None:  # noqa: ANN401 - a bound method
    setattr(at.__self__, at.__name__, replacement)


def _put_back(call: Any) -> None:  # noqa: ANN401 - a bound method
    delattr(call.__self__, call.__name__)

"""A command that is ended by a signal, at whatever moment."""

import asyncio
import gc
import os
import signal
from collections.abc import Iterator

import pytest

from daemon.interruption import EndedEarly, interruptible


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """Let Ctrl-C be heard, also where a shell runs the tests in the background; all is then as before."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler), signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGINT, before[0])
    assert signal.getsignal(signal.SIGTERM) == before[1]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("by", ["the first task", "another task"])
def test_a_signal_while_a_task_computes_leaves_no_traceback(
    by: str, number: signal.Signals, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    """The tasks are ended in order, and nothing is said of an exception that nobody has fetched."""
    ended = []

    async def compute() -> None:
        try:
            os.kill(os.getpid(), number)
            await asyncio.Event().wait()
        finally:
            ended.append(by)

    async def main() -> None:
        if by == "the first task":
            await compute()
        await asyncio.wait({asyncio.create_task(compute())})

    with pytest.raises(EndedEarly) as end, interruptible("; nothing was changed"):
        asyncio.run(main())
    assert (end.value.code, ended) == (code, [by])
    del end  # it holds the tasks
    gc.collect()
    assert caplog.records == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_without_a_loop_ends_it_too(number: signal.Signals, code: int) -> None:
    """At once, and with the code that a shell expects."""
    with pytest.raises(EndedEarly) as end, interruptible("; nothing was changed"):
        os.kill(os.getpid(), number)
    assert end.value.code == code


def test_where_ctrl_c_is_not_heard_sigterm_is() -> None:
    """As in a job that a shell runs in the background."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with pytest.raises(EndedEarly) as end, interruptible("; nothing was changed"):
        os.kill(os.getpid(), signal.SIGTERM)
    assert end.value.code == 143

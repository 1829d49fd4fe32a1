"""A daemon that is told to stop while it starts."""

import signal
import time

import pytest

from tests.installed.patience import Wait
from tests.installed.product import Product


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda each: each.name)
def test_a_stop_at_the_start_is_no_failure(product: Product, wait: Wait, number: signal.Signals) -> None:
    """From the moment that it touches its state on, it ends with 0 and without a traceback."""
    for moment in range(6):
        running = product.start("run")
        wait((product.state / "lock").exists, what="a sign of the start")
        time.sleep(moment * 0.05)
        ended, _ = running.stop(number)
        assert ended.code == 0, f"{ended.err} after {moment * 0.05} s"
        assert "Traceback" not in ended.err
        (product.state / "lock").unlink()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda each: each.name)
@pytest.mark.parametrize(("word", "code"), [("run", 0), ("backfill", None)])
def test_a_stop_while_it_is_loaded(
    product: Product, wait: Wait, number: signal.Signals, word: str, code: int | None
) -> None:
    """Nothing has begun, and that is said; for the daemon it is no failure either."""
    slow = product.home / "slow"
    slow.mkdir()
    (slow / "structlog.py").write_text(
        f"import pathlib, time\npathlib.Path({str(product.home / 'loading')!r}).touch()\ntime.sleep(60)\n"
    )
    running = product.start(word, settings={"PYTHONPATH": str(slow)})
    wait((product.home / "loading").exists, what="it loads")
    ended, _ = running.stop(number)
    assert ended.code == (128 + number if code is None else code)
    assert ended.err == "… Stopped before it had begun; nothing was done.\n"

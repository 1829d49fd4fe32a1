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

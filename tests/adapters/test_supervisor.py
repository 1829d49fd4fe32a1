"""Promises of the watchdog of our own: silence ends the process, a sign of life does not."""

import queue
import threading
import time

from daemon.presence.supervisor import EXIT_HUNG, Supervisor


def test_silence_ends_the_process() -> None:
    """Without a sign of life the end comes, with the exit code that says so."""
    ends: queue.Queue[int] = queue.Queue()
    Supervisor({}, limit=0.2, end=ends.put).ready("In step")
    (watch,) = (thread for thread in threading.enumerate() if thread.name == "supervisor")
    assert ends.get(timeout=30) == EXIT_HUNG
    watch.join(30)


def test_signs_of_life_keep_it_alive_and_a_stop_ends_the_watch() -> None:
    """Neither a daemon that lives nor one that takes its time to stop is ended."""
    ends: queue.Queue[int] = queue.Queue()
    seconds = [0.0]
    supervisor = Supervisor({}, limit=0.2, end=ends.put, clock=lambda: seconds[0])
    supervisor.ready("In step")
    for _ in range(6):
        seconds[0] += 0.19
        time.sleep(0.05)  # it looks every 0.02 s
        supervisor.alive("In step")
    (watch,) = (thread for thread in threading.enumerate() if thread.name == "supervisor")
    supervisor.stopping()
    watch.join(30)
    assert not watch.is_alive(), "nobody is left to end it, however long the stop takes"
    assert ends.empty()

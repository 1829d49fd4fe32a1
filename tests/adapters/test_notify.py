"""Telling systemd how the service is."""

import itertools
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from daemon.presence.notify import Notifier


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    """Give a socket that is listened to, and its address."""
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(address)
        channel.setblocking(False)  # noqa: FBT003 - the socket's own signature
        yield channel, address


def _fill(address: str) -> None:
    """Send until nothing more fits."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel, suppress(BlockingIOError):
        channel.setblocking(False)  # noqa: FBT003 - the socket's own signature
        channel.connect(address)
        for _ in itertools.count():
            channel.send(b"x")


def test_what_is_said_arrives(listener: tuple[socket.socket, str]) -> None:
    """Ready, alive and stopping reach whoever listens, each with its status."""
    channel, address = listener
    notifier = Notifier({"NOTIFY_SOCKET": address})
    notifier.ready("a")
    notifier.alive("b")
    notifier.stopping()
    assert [channel.recv(99) for _ in range(3)] == [
        b"READY=1\nSTATUS=a",
        b"WATCHDOG=1\nSTATUS=b",
        b"STOPPING=1",
    ]


def test_all_is_well_is_said_when_it_has_to_be_heard(listener: tuple[socket.socket, str]) -> None:
    """Not at every look: when the status is another, after trouble, and early for the watchdog."""
    channel, address = listener
    now = 0.0
    notifier = Notifier({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "60000000"}, clock=lambda: now)
    notifier.ready("a")
    notifier.alive("a")
    notifier.alive("b")
    notifier.status("ill")
    notifier.alive("b")
    said = [channel.recv(99) for _ in range(4)]
    assert said == [b"READY=1\nSTATUS=a", b"WATCHDOG=1\nSTATUS=b", b"STATUS=ill", b"WATCHDOG=1\nSTATUS=b"]
    heard = []
    for second in range(5, 65, 5):
        now = float(second)
        notifier.alive("b")
        with suppress(BlockingIOError):
            heard.append((second, channel.recv(99)))
    assert heard == [(second, b"WATCHDOG=1\nSTATUS=b") for second in range(10, 65, 10)]


def test_a_listener_without_a_watchdog_hears_what_is_new(listener: tuple[socket.socket, str]) -> None:
    """However long nothing changes, it is told nothing twice."""
    channel, address = listener
    times = itertools.count(0.0, 100.0)
    notifier = Notifier({"NOTIFY_SOCKET": address}, clock=lambda: next(times))
    notifier.ready("a")
    for _ in range(20):
        notifier.alive("a")
    assert channel.recv(99) == b"READY=1\nSTATUS=a"
    with pytest.raises(BlockingIOError):
        channel.recv(99)


def test_a_listener_who_does_not_listen_holds_nothing_up(listener: tuple[socket.socket, str]) -> None:
    """When nobody takes the messages off the socket, one of them is lost, and the daemon goes on."""
    _, address = listener
    _fill(address)
    notifier = Notifier({"NOTIFY_SOCKET": address})
    speaking = threading.Thread(target=notifier.alive, args=("x",), daemon=True)
    speaking.start()
    speaking.join(30)
    assert not speaking.is_alive()

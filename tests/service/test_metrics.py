"""Figures for Prometheus: what there is, on this machine alone, and never at the daemon's cost."""

import socket
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from daemon.clock import utc_now
from daemon.presence.pulse import Pulse, Role
from daemon.telemetry import metrics as module
from daemon.telemetry.metrics import metrics
from sync.names import LogPath
from sync.notion.limiter import Lane
from tests.worlds.world import World

LOG = "# Execution Log: T-{}\n\nText.\n"


@pytest.fixture
def port() -> int:
    """Give a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _pulse() -> Pulse:
    return Pulse(
        role=Role.DAEMON,
        started=utc_now(),
        beat=utc_now(),
        per_minute=120.0,
        requests={"live": 5},
        refusals=2,
    )


def _scraped(port: int) -> Mapping[str, float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        text = answer.read().decode()
    return {
        sample.name + "".join(f"[{value}]" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_the_figures_are_those_of_the_state_and_of_the_process(world: World, port: int) -> None:
    """Queue and lag, pages by state, requests and refusals, the pace and whether something is wrong."""
    for number in range(4):
        await world.sync(f"{number}.md", LOG.format(number))
    world.reconciler.quarantine(LogPath("3.md"), what="Refused", hint="")
    world.backlog.touch([LogPath("0.md"), LogPath("1.md")], lane=Lane.LIVE, now=world.clock())
    later = world.clock() + timedelta(seconds=90)
    pulse = replace(_pulse(), paused_until=later + timedelta(seconds=10))
    with metrics(port, state_dir=world.state_dir, pulse=lambda: pulse, now=lambda: later):
        told = _scraped(port)
    assert told["ai_traces_queue_depth"] == 2
    assert told["ai_traces_lag_seconds"] == 90
    assert told["ai_traces_pages[tracked]"] == 3
    assert told["ai_traces_pages[quarantined]"] == 1
    assert told["ai_traces_requests_total[live]"] == 5
    assert told["ai_traces_rate_limited_total"] == 2
    assert told["ai_traces_requests_per_minute"] == 120
    assert told["ai_traces_paused_seconds"] == 10
    assert told["ai_traces_outage"] == 0


def test_off_is_off(tmp_path: Path, port: int) -> None:
    """Without a port nothing listens; in the end nothing listens any more."""
    with (
        metrics(None, state_dir=tmp_path, pulse=_pulse, now=utc_now),
        pytest.raises(OSError, match="refused"),
    ):
        _scraped(port)
    with metrics(port, state_dir=tmp_path, pulse=_pulse, now=utc_now):
        assert "ai_traces_pages[tracked]" not in _scraped(port)
        assert not list(tmp_path.iterdir())
    with pytest.raises(OSError, match="refused"):
        _scraped(port)


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="asks Linux which addresses are listened on")
def test_only_this_machine_is_answered(tmp_path: Path, port: int) -> None:
    """It listens on the loopback interface and on no other."""
    with metrics(port, state_dir=tmp_path, pulse=_pulse, now=utc_now):
        listening = [
            line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if " 0A " in line
        ]
        assert [each for each in listening if each.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]


@pytest.fixture
def taken(port: int) -> Iterator[int]:
    """Give a port that another program listens on."""
    with socket.create_server(("127.0.0.1", port)):
        yield port


def test_a_taken_port_is_a_warning(tmp_path: Path, taken: int) -> None:
    """The daemon goes on without figures."""
    with capture_logs() as told, metrics(taken, state_dir=tmp_path, pulse=_pulse, now=utc_now):
        pass
    ((event, what),) = [(line["event"], line["what"]) for line in told]
    assert event == "metrics.unavailable"
    assert str(taken) in what
    assert "AI_TRACES_METRICS_PORT" in what


def test_a_missing_library_is_a_warning(tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what to install."""
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    with capture_logs() as told, metrics(port, state_dir=tmp_path, pulse=_pulse, now=utc_now):
        pass
    assert "-m pip install 'prometheus-client" in told[0]["what"]

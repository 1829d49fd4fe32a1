"""Metrics for Prometheus, for this machine alone: http://127.0.0.1:PORT/metrics."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from daemon.extras import installing
from daemon.presence.pulse import Pulse
from sync.errors import StateUnusable
from sync.state.backlog import Backlog
from sync.state.store import Store

if TYPE_CHECKING:
    from prometheus_client.core import Metric

log = structlog.get_logger("daemon")

_LOOPBACK = "127.0.0.1"


@contextmanager
def metrics(
    port: int | None, *, state_dir: Path, pulse: Callable[[], Pulse], now: Callable[[], datetime]
) -> Iterator[None]:
    """Serve the metrics until the context ends; a failure is only logged.

    Args:
        port: The port on the loopback interface; None to serve nothing.
        state_dir: The state directory; each answer, given in a thread, opens the state again.
        pulse: Returns the pulse of the process.
        now: Returns the current time.
    """
    if port is None:
        yield
        return
    if find_spec("prometheus_client") is None:
        log.warning("metrics.unavailable", what=f"prometheus-client is missing. Run: {installing('metrics')}")
        yield
        return
    stop = _serve(port, lambda: tuple(figures(state_dir, pulse(), now=now())))
    try:
        yield
    finally:
        stop()


def figures(state_dir: Path, pulse: Pulse, *, now: datetime) -> "Iterator[Metric]":
    """Yield the metrics, without those of the state if it cannot be read."""
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily  # noqa: PLC0415 - an extra

    build = GaugeMetricFamily("ai_traces_build_info", "Which version this is.", labels=["version"])
    build.add_metric([version("ai-traces")], 1)
    yield build
    sent = CounterMetricFamily("ai_traces_requests", "Requests sent to Notion, by urgency.", labels=["lane"])
    for lane, count in sorted(pulse.requests.items()):
        sent.add_metric([lane], count)
    yield sent
    yield CounterMetricFamily(
        "ai_traces_rate_limited", "How often Notion asked for a pause (429, 529).", value=pulse.refusals
    )
    paused = 0.0 if pulse.paused_until is None else (pulse.paused_until - now).total_seconds()
    for name, what, value in (
        ("ai_traces_requests_per_minute", "Requests a minute at the present rate.", pulse.per_minute),
        ("ai_traces_requests_waiting", "Requests that wait for their turn.", pulse.waiting),
        (
            "ai_traces_paused_seconds",
            "How long nothing is sent yet because Notion asked so.",
            max(0.0, paused),
        ),
        (
            "ai_traces_outage",
            "1 while something keeps every log from being synced.",
            pulse.outage is not None,
        ),
        (
            "ai_traces_budget_hosts",
            "How many draw on the same budget; 0 when it is this process's own.",
            pulse.hosts,
        ),
        (
            "ai_traces_budget_alone",
            "1 while the server of the shared budget is away.",
            pulse.alone is not None,
        ),
        ("ai_traces_start_time_seconds", "When the daemon began.", pulse.started.timestamp()),
    ):
        yield GaugeMetricFamily(name, what, value=float(value))
    yield from _of_state(state_dir, now=now)


def _of_state(state_dir: Path, *, now: datetime) -> "Iterator[Metric]":
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 - an extra

    try:
        store = Store.open_existing(state_dir)
        if store is None:
            return
        with store:
            counts, backlog, synced = store.count_by_standing(), Backlog(store), store.last_sync()
            waiting, since = backlog.count(), backlog.oldest()
    except StateUnusable:
        return
    pages = GaugeMetricFamily("ai_traces_pages", "Logs by how they are treated.", labels=["state"])
    for standing, count in counts.items():
        pages.add_metric([standing.value], count)
    yield pages
    yield GaugeMetricFamily("ai_traces_queue_depth", "Logs that wait to be synced.", value=waiting)
    lag = 0.0 if since is None else max(0.0, (now - since).total_seconds())
    yield GaugeMetricFamily("ai_traces_lag_seconds", "How long the first of them has waited.", value=lag)
    if synced is not None:
        yield GaugeMetricFamily(
            "ai_traces_last_sync_time_seconds",
            "When a page was last brought in step.",
            value=synced.timestamp(),
        )


def _serve(port: int, collect: "Callable[[], tuple[Metric, ...]]") -> Callable[[], None]:
    """Serve what `collect` returns, in threads; return a function that ends that."""
    from prometheus_client import CollectorRegistry, start_http_server  # noqa: PLC0415 - an extra
    from prometheus_client.registry import Collector  # noqa: PLC0415 - same

    class Figures(Collector):
        def collect(self) -> "Iterator[Metric]":
            yield from collect()

        def describe(self) -> "Iterator[Metric]":
            yield from ()

    registry = CollectorRegistry()
    registry.register(Figures())
    try:
        server, _ = start_http_server(port, addr=_LOOPBACK, registry=registry)
    except OSError as error:
        log.warning(
            "metrics.unavailable",
            what=f"Port {port} cannot be used ({error.strerror}): AI_TRACES_METRICS_PORT",
        )
        return lambda: None
    log.info("metrics.served", url=f"http://{_LOOPBACK}:{server.server_port}/metrics")

    def stop() -> None:
        server.shutdown()
        server.server_close()

    return stop

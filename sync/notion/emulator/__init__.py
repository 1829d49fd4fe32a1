"""A Notion that runs on this machine: for the demo, the tests and offline development.

It is stricter than Notion where sources disagree, and it knows nothing of its client. `EmulatorTransport`
reaches it within the process; `sync.notion.emulator.server` puts it on a port.
"""

from sync.notion.emulator.api.calls import Access, Capability
from sync.notion.emulator.emulator import AI_TRACES, DEMO_TOKEN, Emulator
from sync.notion.emulator.exchange import Cut, Delivery, HttpRequest, HttpResponse
from sync.notion.emulator.mishaps.faults import Fault, FaultKind
from sync.notion.emulator.mishaps.ratelimit import FixedWindow, RateRule, TokenBucket
from sync.notion.emulator.transport import EmulatorTransport

__all__ = [
    "AI_TRACES",
    "DEMO_TOKEN",
    "Access",
    "Capability",
    "Cut",
    "Delivery",
    "Emulator",
    "EmulatorTransport",
    "Fault",
    "FaultKind",
    "FixedWindow",
    "HttpRequest",
    "HttpResponse",
    "RateRule",
    "TokenBucket",
]

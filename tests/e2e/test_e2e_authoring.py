"""From `ai-traces new` to a page, and from pages to a hand-off that they lead back to: all as processes."""

import json
from collections.abc import Mapping
from pathlib import Path

from sync.tracelog.events import Event
from sync.tracelog.model import Kind
from tests.installed.patience import Wait
from tests.installed.product import Product
from tests.installed.served_notion import Notion

_FIELDS: Mapping[Kind, Mapping[str, object]] = {
    Kind.EXECUTION: {
        "env": "prod",
        "risk": "low",
        "state_transition": "PLAN -> DRAFT",
        "task": "Move the *nightly* export",
        "tools": ["Bash: make test, 41 passed"],
        "outcome": "Success",
    },
    Kind.EXCEPTION: {
        "env": "dev",
        "severity": "error",
        "what_happened": "The supplier feed timed out while the catalogue was fetched.",
        "root_cause": "Its server was restarted.",
        "contract_reference": "Tool Usage Rules",
        "proposed_fix": "Set a time limit on every call.",
    },
}


def _written(product: Product, event: Event, number: int) -> str:
    """Write the log that an event asks for, as Claude does; return its path below the logs directory."""
    fields = {"id": f"{event}-{number}", "timestamp": f"2026-01-{number:02}T10:00:00Z", **_FIELDS[event.kind]}
    given = product.home / "fields.json"
    given.write_text(json.dumps(fields), encoding="utf-8")
    ended = product.call("new", "--event", event, "--from-json", str(given))
    assert (ended.code, ended.err) == (0, "")
    return str(Path(ended.out.strip()).relative_to(product.logs))


def test_every_event_that_is_logged_becomes_a_page(product: Product, notion: Notion, wait: Wait) -> None:
    """Beside the running daemon, soon and whole, in one request each; and `lint` finds nothing to say."""
    product.daemon()
    paths = {_written(product, event, number): event for number, event in enumerate(Event, 1)}
    wait(lambda: notion.count() == len(Event), what="a page for each log")
    wait(lambda: set(notion.pages()) == set(paths), what="the paths of the logs")
    for path, page in notion.pages().items():
        values, event = page["properties"], paths[path]
        assert values["Type"] == event.kind
        assert values["Format Warnings"] in {"", None}
        assert page["title"].startswith(event)
        told = json.dumps(page["blocks"], ensure_ascii=False)
        assert ("nightly" if event.kind is Kind.EXECUTION else "supplier feed") in told
    assert notion.creates() == len(Event)
    linted = product.call("lint")
    assert (linted.code, linted.out) == (0, "")
    assert product.call("verify", "--deep").code == 0


def test_pages_lead_to_the_hand_off_that_tells_of_them(product: Product, notion: Notion, wait: Wait) -> None:
    """Published beside the running daemon, which writes the links; afterwards all is in step."""
    product.daemon()
    paths = {_written(product, Event.TOOL_FAILURE, number) for number in range(1, 5)}
    wait(lambda: notion.count() == len(paths), what="a page for each log")
    published = product.call("patterns", "--publish")
    assert published.code == 0
    assert "Left to the running daemon: the pages of 4 logs" in published.err

    def told() -> set[str]:
        pages = notion.pages().items()
        return {
            path for path, page in pages if str(page["properties"].get("Patterns") or "").startswith("P-")
        }

    wait(lambda: told() == paths, what="the way back")
    wait(lambda: product.call("verify", "--deep").code == 0, what="all is in step")
    notion.forget_requests()
    assert product.call("patterns", "--publish").code == 0
    assert notion.writes() == []

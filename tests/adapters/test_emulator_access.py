"""Who may do what in the built-in Notion, how fast, and past which firewall."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import pytest

from sync.notion.emulator import AI_TRACES, Capability, Emulator, FixedWindow, HttpRequest, TokenBucket
from sync.notion.emulator.mishaps.ratelimit import WORKSPACE_REASON

Json: TypeAlias = Any
"""Any JSON value; what a test picks from it says what it expects."""


START = datetime(2026, 1, 10, 14, 30, tzinfo=UTC)


def made(**dials: Json) -> Emulator:
    """Return an emulator with AI Traces in it."""
    emulator = Emulator(**dials)
    emulator.create_database()
    return emulator


def create(emulator: Emulator, content: str = "x") -> Json:
    """Make a page with this text and return the answer."""
    source = next(iter(emulator.workspace.data_sources))
    block = {"paragraph": {"rich_text": [{"text": {"content": content}}]}}
    return emulator.ask("POST", "pages", {"parent": {"data_source_id": source}, "children": [block]})


HEADERS: dict[str, tuple[int, str, dict[str, str]]] = {
    "no token": (401, "unauthorized", {"notion-version": "2026-03-11"}),
    "other token": (401, "unauthorized", {"authorization": "Bearer x", "notion-version": "2026-03-11"}),
    "no version": (400, "missing_version", {"authorization": "Bearer ntn_emulator"}),
    "old version": (
        400,
        "validation_error",
        {"authorization": "Bearer ntn_emulator", "notion-version": "2025-09-03"},
    ),
}


@pytest.mark.parametrize("case", HEADERS)
def test_a_request_names_its_token_and_version(case: str) -> None:
    """Without the right token it is 401, without the right version 400."""
    status, code, headers = HEADERS[case]
    answer = made().handle(HttpRequest("GET", "/v1/users/me", "", headers)).response
    assert answer is not None
    assert (answer.status, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"a": NaN}', b"\xff"])
def test_a_body_is_a_json_object(body: bytes) -> None:
    """Anything else is 400."""
    headers = {
        "authorization": "Bearer ntn_emulator",
        "notion-version": "2026-03-11",
        "content-type": "application/json",
    }
    answer = made().handle(HttpRequest("POST", "/v1/pages", "", headers, body)).response
    assert answer is not None
    assert answer.status == 400


TRIALS: dict[Capability, Callable[[Emulator], Any]] = {
    Capability.READ: lambda e: e.ask("GET", f"databases/{AI_TRACES}"),
    Capability.INSERT: create,
    Capability.UPDATE: lambda e: e.ask("PATCH", f"pages/{e.dump()[0]['id']}", {"icon": None}),
    Capability.READ_COMMENTS: lambda e: e.ask("GET", f"comments?block_id={e.dump()[0]['id']}"),
    Capability.INSERT_COMMENTS: lambda e: e.ask(
        "POST",
        "comments",
        {"parent": {"page_id": e.dump()[0]["id"]}, "rich_text": [{"text": {"content": "x"}}]},
    ),
}


@pytest.mark.parametrize("capability", Capability)
def test_what_is_not_allowed_is_restricted(capability: Capability) -> None:
    """A request without its capability is 403 restricted_resource; with it it works."""
    emulator = made()
    create(emulator)
    assert TRIALS[capability](emulator).status == 200
    emulator.access.capabilities.remove(capability)
    answer = TRIALS[capability](emulator)
    assert (answer.status, answer.json()["code"]) == (403, "restricted_resource")


def test_a_free_plan_ends() -> None:
    """Without blocks left creating is 403 with the limit's name, while trashing still works."""
    emulator = made()
    page = create(emulator).json()["id"]
    emulator.access.out_of_blocks = True
    answer = create(emulator)
    assert answer.status == 403
    assert answer.json()["additional_data"] == {"block_limit": "block_creation"}
    assert emulator.ask("PATCH", f"pages/{page}", {"in_trash": True}).status == 200


def test_what_is_not_shared_does_not_exist() -> None:
    """An unshared database and all in it are 404, until it is shared again."""
    emulator = made()
    page = create(emulator).json()["id"]
    block = emulator.dump()[0]["blocks"][0]["id"]
    emulator.human.unshare(AI_TRACES)
    for path in (f"databases/{AI_TRACES}", f"pages/{page}", f"blocks/{block}", f"blocks/{page}/children"):
        answer = emulator.ask("GET", path)
        assert (answer.status, answer.json()["code"]) == (404, "object_not_found")
        assert answer.json()["additional_data"] == {"integration_id": emulator.workspace.bot}
    emulator.human.share(AI_TRACES)
    assert emulator.ask("GET", f"pages/{page}").status == 200


def test_only_own_comments_are_changed() -> None:
    """The connection edits and deletes its own comments; Jen's are restricted."""
    emulator = made()
    page = create(emulator).json()["id"]
    hers = emulator.human.comment(page, "hers")
    body = {"rich_text": [{"text": {"content": "new"}}]}
    assert emulator.ask("PATCH", f"comments/{hers}", body).status == 403
    assert emulator.ask("DELETE", f"comments/{hers}").status == 403
    own = emulator.ask("POST", "comments", {"parent": {"page_id": page}, **body}).json()["id"]
    assert emulator.ask("PATCH", f"comments/{own}", body).status == 200
    assert emulator.ask("DELETE", f"comments/{own}").status == 200
    assert emulator.dump()[0]["comments"] == ["hers"]


def test_a_window_takes_its_number_and_says_when_it_ends() -> None:
    """Request 4 of 3 waits to the end of the window, which opened with the first; then three more pass."""
    now = [START]
    emulator = made(clock=lambda: now[0], rate=FixedWindow(3))
    assert [emulator.ask("GET", "users/me").status for _ in range(3)] == [200] * 3
    now[0] += timedelta(seconds=42.5)
    refused = emulator.ask("GET", "users/me")
    assert (refused.status, refused.headers["retry-after"]) == (429, "18")
    assert refused.json()["additional_data"] == {
        "rate_limit_reason": "public_api_request_rate_limit",
        "retry_after": "18",
    }
    now[0] += timedelta(seconds=18)
    assert [emulator.ask("GET", "users/me").status for _ in range(4)] == [200] * 3 + [429]


def test_a_bucket_fills_with_time() -> None:
    """A burst passes, then one request a second."""
    now = [START]
    emulator = made(clock=lambda: now[0], rate=TokenBucket(per_second=1, burst=2))
    assert [emulator.ask("GET", "users/me").status for _ in range(3)] == [200, 200, 429]
    now[0] += timedelta(seconds=1)
    assert [emulator.ask("GET", "users/me").status for _ in range(2)] == [200, 429]


def test_a_workspace_limit_may_ask_for_minutes() -> None:
    """Its Retry-After exceeds a minute, and its reason is its own."""
    rules = [FixedWindow(5), FixedWindow(2, seconds=300, reason=WORKSPACE_REASON)]
    emulator = made(clock=lambda: START, rate=rules)
    refused = [emulator.ask("GET", "users/me") for _ in range(3)][-1]
    assert refused.headers["retry-after"] == "300"
    assert refused.json()["additional_data"]["rate_limit_reason"] == WORKSPACE_REASON


@pytest.mark.parametrize(
    "text",
    [
        "cat /etc/passwd",
        "see /etc/hosts",
        "cat <<EOF > x",
        "make || true",
        "cd x; rm -rf build",
        "1 UNION SELECT 2",
        "' OR 1=1",
    ],
)
def test_the_firewall_answers_in_html(text: str) -> None:
    """A text like an attack gets the edge's 403: a page, a cf-ray, no request id; nothing is made."""
    emulator = made(firewall=True)
    answer = create(emulator, text)
    assert answer.status == 403
    assert answer.headers["content-type"].startswith("text/html")
    assert "cf-ray" in answer.headers
    assert "x-notion-request-id" not in answer.headers
    assert emulator.dump() == []
    assert create(emulator, "a peaceful log").status == 200
    assert create(made(), text).status == 200

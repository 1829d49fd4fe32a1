"""What goes wrong on request in the built-in Notion does exactly what it says."""

import asyncio
import os
import signal
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from sync.notion.emulator import Emulator, EmulatorTransport, Fault, FaultKind
from sync.notion.emulator.server import serve

APPLIED = {
    FaultKind.RESET_AFTER, FaultKind.HANG_AFTER, FaultKind.ERROR_AFTER, FaultKind.BAD_GATEWAY_AFTER,
    FaultKind.UNAVAILABLE_AFTER, FaultKind.UNAVAILABLE_SAVED, FaultKind.UNAVAILABLE_SAVED_NO_IDS,
    FaultKind.TIMEOUT_AFTER, FaultKind.TRUNCATED_BODY, FaultKind.HALF_JSON, FaultKind.DELAY,
    FaultKind.PARTIAL,
}  # fmt: skip
SEEN = {
    FaultKind.REFUSE: httpx.ConnectError,
    FaultKind.RESET_BEFORE: httpx.ReadError,
    FaultKind.RESET_AFTER: httpx.ReadError,
    FaultKind.LATE_COMMIT: httpx.ReadError,
    FaultKind.PARTIAL: httpx.ReadError,
    FaultKind.HANG: httpx.ReadTimeout,
    FaultKind.HANG_AFTER: httpx.ReadTimeout,
    FaultKind.TRUNCATED_BODY: httpx.RemoteProtocolError,
    FaultKind.RATE_LIMITED: 429,
    FaultKind.CONFLICT: 409,
    FaultKind.ERROR_BEFORE: 500,
    FaultKind.ERROR_AFTER: 500,
    FaultKind.BAD_GATEWAY: 502,
    FaultKind.BAD_GATEWAY_AFTER: 502,
    FaultKind.UNAVAILABLE: 503,
    FaultKind.UNAVAILABLE_AFTER: 503,
    FaultKind.UNAVAILABLE_SAVED: 503,
    FaultKind.UNAVAILABLE_SAVED_NO_IDS: 503,
    FaultKind.TIMEOUT_BEFORE: 504,
    FaultKind.TIMEOUT_AFTER: 504,
    FaultKind.OVERLOAD: 529,
    FaultKind.HALF_JSON: 200,
    FaultKind.HTML_200: 200,
    FaultKind.DELAY: 200,
    FaultKind.ACCESS: 401,
}
HEADERS = {"authorization": "Bearer ntn_emulator", "notion-version": "2026-03-11"}


def made() -> Emulator:
    """Return an emulator with AI Traces in it."""
    emulator = Emulator()
    emulator.create_database()
    return emulator


def new_page(emulator: Emulator, blocks: int = 1) -> dict[str, Any]:
    """Return the body of a create with so many blocks."""
    source = next(iter(emulator.workspace.data_sources))
    block = {"paragraph": {"rich_text": [{"text": {"content": "x"}}]}}
    return {"parent": {"data_source_id": source}, "children": [block] * blocks}


async def create(emulator: Emulator, client: httpx.AsyncClient) -> object:
    """Return the status of a create, or the type of the error it raised."""
    try:
        answer = await client.post("/v1/pages", json=new_page(emulator))
    except httpx.HTTPError as error:
        return type(error)
    return answer.status_code


@pytest.mark.parametrize("kind", sorted(SEEN))
async def test_a_fault_is_seen_and_applied_as_it_says(kind: FaultKind) -> None:
    """The client sees the fault's error in-process; the page is there exactly where the fault applies it."""
    emulator = made()
    emulator.faults.add(Fault(kind=kind, seconds=0.01))
    transport = EmulatorTransport(emulator)
    async with httpx.AsyncClient(transport=transport, base_url="http://notion", headers=HEADERS) as client:
        assert await create(emulator, client) == SEEN[kind]
        assert len(emulator.dump()) == (1 if kind in APPLIED else 0)
        assert await create(emulator, client) == 200
    assert [entry.fault for entry in emulator.journal] == [kind.value, None]
    assert [entry.applied for entry in emulator.journal] == [kind in APPLIED, True]


@pytest.mark.parametrize("kind", sorted(SEEN))
async def test_a_fault_is_the_same_over_a_socket(kind: FaultKind) -> None:
    """The server plays a fault as the transport does; only a refusal shows as a reset."""
    emulator = made()
    emulator.faults.add(Fault(kind=kind, seconds=0.01))
    patience = httpx.Timeout(30.0, read=2.0 if SEEN[kind] is httpx.ReadTimeout else 30.0)
    async with (
        serve(emulator) as url,
        httpx.AsyncClient(base_url=url, headers=HEADERS, timeout=patience) as client,
    ):
        seen = await create(emulator, client)
        assert seen == (httpx.ReadError if kind is FaultKind.REFUSE else SEEN[kind])
        assert len(emulator.dump()) == (1 if kind in APPLIED else 0)
        assert await create(emulator, client) == 200


def test_every_kind_of_fault_is_tried() -> None:
    """No kind is left out of the two tests above, but the one that signals a process."""
    assert set(FaultKind) == {*SEEN, FaultKind.SIGNAL}


def test_a_saved_create_names_the_page() -> None:
    """The 503 that was saved carries the new page's id, and of an append the new blocks' ids in order."""
    emulator = made()
    emulator.faults.add(Fault(kind=FaultKind.UNAVAILABLE_SAVED, count=0))
    answer = emulator.ask("POST", "pages", new_page(emulator, 3))
    page = emulator.dump()[0]
    details = answer.json()["additional_data"]
    assert details["committed_resource_id"] == page["id"]
    assert details["retry_guidance"][-1] == "Do not repeat the write."
    first = page["blocks"][0]["id"]
    body = {
        "children": new_page(emulator, 2)["children"],
        "position": {"type": "after_block", "after_block": {"id": first}},
    }
    details = emulator.ask("PATCH", f"blocks/{page['id']}/children", body).json()["additional_data"]
    blocks = [block["id"] for block in emulator.dump()[0]["blocks"]]
    assert details["committed_resource_id"] == page["id"]
    assert details["committed_child_ids"] == blocks[1:3]
    read = emulator.ask("GET", f"blocks/{page['id']}/children")
    assert (read.status, "committed_child_ids" in read.json()["additional_data"]) == (503, False)
    emulator.faults.clear()
    emulator.faults.add(Fault(kind=FaultKind.UNAVAILABLE_SAVED_NO_IDS))
    silent = emulator.ask("POST", "pages", new_page(emulator)).json()["additional_data"]
    assert "committed_resource_id" not in silent


def test_a_late_commit_comes_when_it_is_due() -> None:
    """The page is not there when the connection breaks, and is once its time has come."""
    now = [datetime(2026, 1, 10, tzinfo=UTC)]
    emulator = Emulator(clock=lambda: now[0])
    emulator.create_database()
    emulator.faults.add(Fault(kind=FaultKind.LATE_COMMIT, seconds=55))
    with pytest.raises(ConnectionError):
        emulator.ask("POST", "pages", new_page(emulator))
    now[0] += timedelta(seconds=54)
    assert emulator.dump() == []
    now[0] += timedelta(seconds=1)
    assert len(emulator.dump()) == 1


def test_a_partial_create_makes_the_first_blocks() -> None:
    """The page stands with as many blocks as the fault lets through."""
    emulator = made()
    emulator.faults.add(Fault(kind=FaultKind.PARTIAL, blocks=2))
    with pytest.raises(ConnectionError):
        emulator.ask("POST", "pages", new_page(emulator, 5))
    assert len(emulator.dump()[0]["blocks"]) == 2


def test_a_script_strikes_where_it_says() -> None:
    """Method, path, body, nth and count choose the requests; entries count on their own."""
    emulator = made()
    emulator.faults.script(
        [
            {"kind": "409", "method": "POST", "path": "^/v1/pages$", "nth": 2, "count": 2},
            {"kind": "500_before", "body": '"content":"y"'},
        ]
    )
    assert emulator.ask("GET", "users/me").status == 200
    statuses = [emulator.ask("POST", "pages", new_page(emulator)).status for _ in range(4)]
    assert statuses == [200, 409, 409, 200]
    body = new_page(emulator)
    body["children"][0]["paragraph"]["rich_text"][0]["text"]["content"] = "y"
    assert emulator.ask("POST", "pages", body).status == 500
    with pytest.raises(ValueError, match="nope"):
        emulator.faults.script([{"kind": "409", "nope": 1}])


@pytest.mark.parametrize("kind", sorted(SEEN))
def test_any_fault_can_strike_a_query(kind: FaultKind) -> None:
    """A query meets a fault like any request, and none says of it that something was made."""
    emulator = made()
    emulator.faults.add(Fault(kind=kind, seconds=0))
    source = next(iter(emulator.workspace.data_sources))
    with suppress(ConnectionError):
        answer = emulator.ask("POST", f"data_sources/{source}/query", {})
        assert b"committed_resource_id" not in answer.body
    assert [entry.fault for entry in emulator.journal] == [kind.value]


@pytest.mark.parametrize("kind", [FaultKind.RESET_AFTER, FaultKind.UNAVAILABLE_SAVED, FaultKind.DELAY])
def test_a_fault_applies_nothing_that_notion_would_refuse(kind: FaultKind) -> None:
    """A bad request is not applied by a fault either, and a saved change is never said of it."""
    emulator = made()
    emulator.faults.add(Fault(kind=kind, seconds=0))
    body = {**new_page(emulator), "archived": True}
    if kind is FaultKind.RESET_AFTER:
        with pytest.raises(ConnectionError):
            emulator.ask("POST", "pages", body)
    else:
        assert emulator.ask("POST", "pages", body).status == 400
    assert [entry.applied for entry in emulator.journal] == [False]
    assert emulator.dump() == []


def test_a_rate_fault_says_how_long() -> None:
    """429 and 529 carry Retry-After in the header and in the body."""
    emulator = made()
    emulator.faults.add(
        Fault(kind=FaultKind.RATE_LIMITED, seconds=90), Fault(kind=FaultKind.OVERLOAD, nth=2, seconds=5)
    )
    for wait in ("90", "5"):
        answer = emulator.ask("GET", "users/me")
        assert answer.headers["retry-after"] == answer.json()["additional_data"]["retry_after"] == wait


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_signal_kills_before_or_after(tmp_path: Path, when: str) -> None:
    """The process of the pid file is killed; the request is applied only after."""
    victim = await asyncio.create_subprocess_exec("sleep", "30")
    pid_file = tmp_path / "pid"
    pid_file.write_text(str(victim.pid), encoding="ascii")
    emulator = made()
    emulator.faults.add(Fault(kind=FaultKind.SIGNAL, pid_file=str(pid_file), when=when))
    with pytest.raises(ConnectionError):
        emulator.ask("POST", "pages", new_page(emulator))
    assert await victim.wait() == -signal.SIGKILL
    assert len(emulator.dump()) == (1 if when == "after" else 0)


def test_a_softer_signal_lets_the_request_go_on() -> None:
    """A client that is asked to stop still gets its answer."""
    caught: list[int] = []
    before = signal.signal(signal.SIGUSR1, lambda number, _: caught.append(number))
    try:
        emulator = made()
        emulator.faults.add(Fault(kind=FaultKind.SIGNAL, pid=os.getpid(), signal="USR1"))
        assert emulator.ask("POST", "pages", new_page(emulator)).status == 200
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert caught == [signal.SIGUSR1]


async def test_a_delay_beyond_patience_is_a_time_out() -> None:
    """An answer later than the read time-out is lost, though the request was applied."""
    emulator = made()
    emulator.faults.add(Fault(kind=FaultKind.DELAY, seconds=5))
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    transport = EmulatorTransport(emulator, sleep=sleep)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://notion", headers=HEADERS, timeout=2
    ) as client:
        assert await create(emulator, client) is httpx.ReadTimeout
    assert slept == [2]
    assert len(emulator.dump()) == 1

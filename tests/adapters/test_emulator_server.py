"""The built-in Notion on a port and as a process: the same answers, controls for tests, and a memory."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest

from sync.notion.emulator import AI_TRACES, Emulator, EmulatorTransport, FixedWindow
from sync.notion.emulator.server import serve
from sync.notion.emulator.snapshot import restore, snapshot
from tests.installed.patience import PATIENCE
from tests.worlds.emulated import source_of

Json: TypeAlias = Any
"""Any JSON value; what a test picks from it says what it expects."""


START = datetime(2026, 1, 10, 14, 30, tzinfo=UTC)
HEADERS = {"authorization": "Bearer ntn_emulator", "notion-version": "2026-03-11"}


def made(**dials: Json) -> Emulator:
    """Return an emulator with AI Traces in it."""
    emulator = Emulator(**dials)
    emulator.create_database(
        properties={"Name": {"title": {}}, "Env": {"select": {}}, "Files": {"files": {}}}
    )
    return emulator


def new_page(source: str, content: str = "x") -> dict[str, Any]:
    """Return the body of a create."""
    text = [{"text": {"content": content}}]
    properties = {"Name": {"title": text}, "Env": {"select": {"name": "dev"}}}
    return {
        "parent": {"data_source_id": source},
        "properties": properties,
        "children": [{"paragraph": {"rich_text": text}}],
    }


async def conversation(client: httpx.AsyncClient, source: str) -> list[tuple[int, Any]]:
    """Return what a fixed series of requests is answered, good ones and bad ones."""
    said: list[tuple[int, Any]] = []

    async def say(method: str, path: str, body: object = None) -> Json:
        answer = await client.request(method, f"/v1/{path}", json=body)
        said.append((answer.status_code, answer.json()))
        return answer.json()

    page = (await say("POST", "pages", new_page(source, "äöü 😀 → \u2028")))["id"]
    await say("GET", f"databases/{AI_TRACES}")
    await say("GET", f"blocks/{page}/children?page_size=1")
    await say("POST", f"data_sources/{source}/query?filter_properties=title", {"page_size": 1})
    await say("PATCH", f"pages/{page}", {"archived": True})
    await say("PATCH", f"pages/{page}", {"in_trash": True})
    await say("DELETE", f"blocks/{page}")
    await say("GET", "nothing/here")
    return said


async def test_server_and_transport_answer_alike() -> None:
    """The same requests to equal emulators get equal answers, over a socket or not."""

    def clock() -> datetime:
        return START

    first, second = made(clock=clock), made(clock=clock)
    transport = EmulatorTransport(first)
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://notion", headers=HEADERS) as near,
        serve(second) as url,
        httpx.AsyncClient(base_url=url, headers=HEADERS) as far,
    ):
        assert await conversation(near, source_of(first)) == await conversation(far, source_of(second))


async def test_latency_holds_back_every_answer() -> None:
    """Requests in flight together wait together, not one after the other."""
    async with (
        serve(made(latency=0.5)) as url,
        httpx.AsyncClient(base_url=url, headers=HEADERS) as client,
    ):
        loop = asyncio.get_running_loop()
        start = loop.time()
        await asyncio.gather(*(client.get("/v1/users/me") for _ in range(40)))
        assert 0.5 <= loop.time() - start < 40 * 0.5


async def test_writes_to_one_page_that_overlap_collide() -> None:
    """Of two writes to a page at once one is a conflict; one after the other, or apart, both are taken."""
    emulator = made(latency=1.0)  # far more than two requests are apart that leave together
    first, second = (
        emulator.ask("POST", "pages", new_page(source_of(emulator))).json()["id"] for _ in range(2)
    )
    block = emulator.dump()[0]["blocks"][0]["id"]
    change: dict[str, Any] = {"paragraph": {"rich_text": []}}
    async with serve(emulator) as url, httpx.AsyncClient(base_url=url, headers=HEADERS) as client:

        async def statuses(*writes: tuple[str, object]) -> list[int]:
            answers = await asyncio.gather(*(client.patch(f"/v1/{path}", json=body) for path, body in writes))
            return sorted(answer.status_code for answer in answers)

        page_and_block = (f"pages/{first}", {"icon": None}), (f"blocks/{block}", change)
        assert await statuses(*page_and_block) == [200, 409]
        for write in page_and_block:
            assert await statuses(write) == [200]
        two_pages = (f"pages/{first}", {"icon": None}), (f"pages/{second}", {"icon": None})
        assert await statuses(*two_pages) == [200, 200]


async def test_controls_reach_everything() -> None:
    """Faults, journal, dump, access, Jen's hands and reset work over HTTP; nonsense is 400 or 404."""
    emulator = made()
    async with serve(emulator) as url, httpx.AsyncClient(base_url=url, headers=HEADERS) as client:

        async def control(method: str, path: str, body: object = None, *, status: int = 200) -> Json:
            answer = await client.request(method, f"/_emulator/{path}", json=body)
            assert answer.status_code == status, answer.text
            return answer.json()

        source = (await control("GET", "ids"))["databases"][AI_TRACES][0]
        await control("POST", "faults", [{"kind": "409"}])
        assert (await client.post("/v1/pages", json=new_page(source))).status_code == 409
        assert (await client.post("/v1/pages", json=new_page(source))).status_code == 200
        journal = await control("GET", "journal")
        assert (journal["counts"], journal["statuses"]) == ({"POST": 2}, {"409": 1, "200": 1})
        assert [entry["fault"] for entry in journal["entries"]] == ["409", None]
        page = (await control("GET", "dump"))[0]["id"]
        added = await control("POST", "human/add_block", {"parent_id": page, "text": "hers"})
        assert (await control("GET", "dump"))[0]["blocks"][-1]["id"] == added["result"]
        await control("POST", "access", {"token": None})
        assert (await client.get("/v1/users/me")).status_code == 401
        await control("POST", "access", {"token": "ntn_emulator", "capabilities": ["read_content"]})
        assert (await client.post("/v1/pages", json=new_page(source))).status_code == 403
        for path, body in (
            ("faults", [{"kind": "nope"}]),
            ("human/edit_block", {"block_id": "nope", "text": ""}),
            ("access", {"nope": 1}),
        ):
            await control("POST", path, body, status=400)
        await control("POST", "nope", status=404)
        await control("POST", "human/__init__", {}, status=404)
        await control("POST", "reset")
        assert await control("GET", "dump") == []


async def test_a_file_is_uploaded_and_attached() -> None:
    """Bytes sent in one part come back as they were from the block that they were attached to."""
    emulator = made()
    content = bytes(range(256)) * 40 + b"\r\n--x\r\n"
    async with serve(emulator) as url, httpx.AsyncClient(base_url=url, headers=HEADERS) as client:
        upload = (await client.post("/v1/file_uploads", json={"filename": "log.txt"})).json()
        block = {"file": {"type": "file_upload", "file_upload": {"id": upload["id"]}}}
        body = {**new_page(source_of(emulator)), "children": [block]}
        assert (await client.post("/v1/pages", json=body)).status_code == 400
        files = {"file": ("log.txt", content, "text/plain")}
        sent = (await client.post(f"/v1/file_uploads/{upload['id']}/send", files=files)).json()
        assert (sent["status"], sent["content_length"]) == ("uploaded", len(content))
        body["properties"]["Files"] = {
            "files": [{"type": "file_upload", "file_upload": {"id": upload["id"]}, "name": "log.txt"}]
        }
        page = (await client.post("/v1/pages", json=body)).json()
        read = (await client.get(f"/v1/blocks/{page['id']}/children")).json()["results"][0]["file"]
        assert (read["type"], read["name"]) == ("file", "log.txt")
        assert (await client.get(read["file"]["url"])).content == content
        assert page["properties"]["Files"]["files"][0]["name"] == "log.txt"


def test_a_workspace_is_saved_and_restored() -> None:
    """A restored workspace is the same, and new ids do not meet old ones."""
    before = made()
    for n in range(3):
        assert before.ask("POST", "pages", new_page(source_of(before), str(n))).status == 200
    before.human.comment(before.dump()[0]["id"], "keep")
    before.ask("POST", "file_uploads", {"filename": "a.txt"})
    after = made()
    restore(after.workspace, json.loads(json.dumps(snapshot(before.workspace))))
    assert after.dump() == before.dump()
    body = {"sorts": [{"property": "Name", "direction": "ascending"}]}
    path = f"data_sources/{source_of(before)}/query"
    rows = [emulator.ask("POST", path, body).json()["results"] for emulator in (before, after)]
    assert rows[0] == rows[1]
    known = {*after.workspace.pages, *after.workspace.blocks, *after.workspace.comments}
    for _ in range(3):
        assert after.ask("POST", "pages", new_page(source_of(before))).json()["id"] not in known
    with pytest.raises(ValueError, match="format"):
        restore(after.workspace, {"format": 0})


@asynccontextmanager
async def process(*options: str) -> AsyncIterator[dict[str, Any]]:
    """Run the emulator as a process and give the line that it prints."""
    run = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sync.notion.emulator", *options, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert run.stdout is not None
        yield json.loads(await asyncio.wait_for(run.stdout.readline(), PATIENCE))
    finally:
        run.terminate()
        assert await asyncio.wait_for(run.wait(), PATIENCE) == 0


async def test_the_process_remembers(tmp_path: Path) -> None:
    """What is in the state file is there again after a restart, and the rate holds."""
    state = str(tmp_path / "state.json")
    async with process("--state", state) as told, httpx.AsyncClient(base_url=told["url"]) as client:
        client.headers = httpx.Headers({**HEADERS, "authorization": f"Bearer {told['token']}"})
        database = (await client.get(f"/v1/databases/{told['database_id']}")).json()
        source = database["data_sources"][0]["id"]
        body = {"parent": {"data_source_id": source}, "properties": {"title": {"title": []}}}
        page = (await client.post("/v1/pages", json=body)).json()["id"]
    async with (
        process("--state", state, "--rate", "1") as told,
        httpx.AsyncClient(base_url=told["url"], headers=HEADERS) as client,
    ):
        assert (await client.get(f"/v1/pages/{page}")).status_code == 200
        assert (await client.get(f"/v1/pages/{page}")).status_code == 429


async def test_a_port_takes_many_requests_at_once() -> None:
    """Eight clients at once all get answers, and the rate limit counts them together."""
    emulator = made(rate=FixedWindow(100))
    async with serve(emulator) as url, httpx.AsyncClient(base_url=url, headers=HEADERS) as client:
        answers = await asyncio.gather(*(client.get("/v1/users/me") for _ in range(120)))
    assert sorted(answer.status_code for answer in answers) == [200] * 100 + [429] * 20

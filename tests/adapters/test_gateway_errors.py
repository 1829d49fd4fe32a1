"""Each status, time-out and foreign body becomes one class, by whether the request was a write."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import AccessLost, Ambiguous, Conflict, PageGone, Rejected, SyncError, Transient
from sync.names import BlockId, PageId
from sync.notion.calls import ATTEMPTS
from sync.notion.error_answers import error_answer, judge, says_trashed
from sync.notion.limiter import Lane
from sync.notion.request import Request, Target, change
from tests.worlds.failing_wire import (
    CREATE,
    DELETE,
    HTML,
    QUERY,
    READ,
    SETTLE,
    TRASH,
    WRITE,
    FailingWire,
    answering,
    raising,
    refused,
)

NEVER_SENT = [
    httpx.ConnectError("refused"),
    httpx.ConnectTimeout("slow"),
    httpx.PoolTimeout("full"),
    httpx.ProxyError("x"),
]
BROKEN = [
    httpx.ReadError("reset"),
    httpx.WriteError("reset"),
    httpx.RemoteProtocolError("gone"),
    httpx.ReadTimeout("slow"),
    httpx.WriteTimeout("slow"),
    httpx.CloseError("gone"),
    OSError("network"),
]


@pytest.mark.parametrize("request_", [READ, WRITE, CREATE, QUERY], ids=lambda r: r.method)
@pytest.mark.parametrize("error", NEVER_SENT, ids=lambda e: type(e).__name__)
async def test_a_request_that_never_left_is_transient(error: Exception, request_: Request) -> None:
    """Before the connection stands nothing can have been applied, so even a write is repeated."""
    wire = FailingWire(raising(error))
    assert isinstance(await wire.failure(request_), Transient)
    assert wire.sent == ATTEMPTS
    assert wire.slept == [1.0, 2.0, 4.0]


@pytest.mark.parametrize("error", BROKEN, ids=lambda e: type(e).__name__)
async def test_a_broken_exchange_is_ambiguous_for_a_write_alone(error: Exception) -> None:
    """A connection that broke after sending leaves a doubt about a write, and none about a read."""
    wire = FailingWire(raising(error))
    failure = await wire.failure(CREATE)
    assert isinstance(failure, Ambiguous)
    assert failure.settles_in == SETTLE
    assert wire.sent == 1
    assert isinstance(await FailingWire(raising(error)).failure(READ), Transient)
    assert isinstance(await FailingWire(raising(error)).failure(QUERY), Transient)


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, text=HTML),
        httpx.Response(200, text='{"object": "block", "id": "b'),
        httpx.Response(200, content=b"\xff\xfe"),
        httpx.Response(200, json=[1]),
        httpx.Response(200, text="[" * 100_000),
        httpx.Response(200, json={"object": "block"}),
        httpx.Response(200, json={"object": "list", "id": "x"}),
        httpx.Response(302, headers={"location": "https://sign-in.test"}),
    ],
    ids=["html", "half", "bytes", "array", "deep", "no-id", "other-object", "redirect"],
)
async def test_an_answer_that_is_not_notions_is_never_believed(response: httpx.Response) -> None:
    """Status 200 with a sign-in page or half a body leaves a write in doubt, and a read to be repeated."""
    failure = await FailingWire(answering(response)).failure(WRITE)
    assert isinstance(failure, Ambiguous)
    assert failure.settles_in == SETTLE
    assert isinstance(await FailingWire(answering(response)).failure(READ), Transient)


@pytest.mark.parametrize(
    ("response", "request_", "kind"),
    [
        (refused(400, "validation_error", "body failed validation: too long"), WRITE, Rejected),
        (refused(400, "invalid_json"), WRITE, Rejected),
        (refused(400, "missing_version"), WRITE, AccessLost),
        (refused(400, "invalid_request_url"), READ, AccessLost),
        (refused(400, "validation_error", "Can't edit block that is archived."), WRITE, PageGone),
        (
            refused(400, "validation_error", "Can't edit page on block with an archived ancestor."),
            WRITE,
            PageGone,
        ),
        (refused(400, "validation_error", "The data source is in the trash."), CREATE, AccessLost),
        (refused(400, "validation_error", "body failed validation: instead was `archived`"), WRITE, Rejected),
        (refused(401, "unauthorized", "API token is invalid."), WRITE, AccessLost),
        (httpx.Response(401, text=HTML), READ, AccessLost),
        (refused(403, "restricted_resource"), WRITE, AccessLost),
        (refused(403, "restricted_resource", block_limit="block_creation"), CREATE, AccessLost),
        (httpx.Response(403, text=HTML, headers={"cf-ray": "a"}), CREATE, Rejected),
        (httpx.Response(403, text=HTML, headers={"cf-ray": "a"}), QUERY, Rejected),
        (httpx.Response(403, text=HTML, headers={"cf-ray": "a"}), READ, AccessLost),
        (httpx.Response(403, text=HTML, headers={"cf-ray": "a"}), TRASH, AccessLost),
        (httpx.Response(403, text=HTML, headers={"x-notion-request-id": "a"}), CREATE, AccessLost),
        (refused(404, "object_not_found"), WRITE, PageGone),
        (refused(404, "object_not_found"), READ, PageGone),
        (refused(404, "object_not_found"), CREATE, AccessLost),
        (refused(404, "object_not_found"), QUERY, AccessLost),
        (httpx.Response(404, text=HTML), WRITE, AccessLost),
        (httpx.Response(407, text=HTML), READ, AccessLost),
        (httpx.Response(408, text=""), WRITE, Ambiguous),
        (refused(409, "conflict_error"), WRITE, Conflict),
        (refused(409, "row_limit_exceeded"), CREATE, AccessLost),
        (httpx.Response(413, text="too large"), CREATE, Rejected),
        (httpx.Response(414, text=""), READ, Rejected),
        (
            refused(429, "rate_limited", retry_after="61", rate_limit_reason="public_api_request_rate_limit"),
            CREATE,
            Transient,
        ),
        (refused(429, "rate_limited", rate_limit_reason="public_api_request_blocked"), CREATE, AccessLost),
        (httpx.Response(429, text=HTML, headers={"retry-after": "61"}), CREATE, Transient),
        (refused(500, "internal_server_error"), READ, Transient),
        (refused(500, "internal_server_error"), DELETE, Ambiguous),
        (httpx.Response(502, text=HTML), WRITE, Ambiguous),
        (httpx.Response(502, text=HTML), QUERY, Transient),
        (refused(503, "service_unavailable"), QUERY, Transient),
        (refused(504, "gateway_timeout"), WRITE, Ambiguous),
        (httpx.Response(522, text=HTML), WRITE, Ambiguous),
        (refused(529, "service_overload", retry_after="61"), CREATE, Transient),
    ],
)
async def test_each_status_has_its_class(
    response: httpx.Response, request_: Request, kind: type[SyncError]
) -> None:
    """Status, code and sender of an answer decide what it means; each says what happened and what to do."""
    failure = await FailingWire(answering(response)).failure(request_)
    assert type(failure) is kind
    assert failure.what
    assert not failure.what.endswith(".")
    if isinstance(failure, AccessLost):
        assert failure.hint


@pytest.mark.parametrize(
    ("response", "settles"),
    [
        (refused(500, "internal_server_error"), 2),
        (refused(503, "service_unavailable"), 2),
        (refused(503, "database_connection_unavailable"), 2),
        (httpx.Response(500, text=HTML), 65),
        (httpx.Response(503, json={"message": "no"}), 65),
        (refused(502, "bad_gateway"), 65),
        (refused(504, "gateway_timeout"), 65),
    ],
)
async def test_only_notions_own_end_settles_soon(response: httpx.Response, settles: int) -> None:
    """Where Notion itself has answered, its work has ended; where something in between did, it may go on."""
    failure = await FailingWire(answering(response)).failure(CREATE)
    assert isinstance(failure, Ambiguous)
    assert failure.settles_in == timedelta(seconds=settles)


async def test_a_saved_write_names_what_it_made() -> None:
    """A 503 that says "saved" carries the new page of a create, or the new blocks of an append."""
    created = await FailingWire(
        answering(refused(503, "service_unavailable", committed_resource_id="p1"))
    ).failure(CREATE)
    assert isinstance(created, Ambiguous)
    assert (created.committed_page, created.committed_blocks) == (PageId("p1"), ())
    assert created.settles_in == timedelta(0)
    extra: dict[str, Any] = {"committed_resource_id": "parent", "committed_child_ids": ["b1", "b2"]}
    appended = await FailingWire(answering(refused(503, "service_unavailable", **extra))).failure(WRITE)
    assert isinstance(appended, Ambiguous)
    assert (appended.committed_page, appended.committed_blocks) == (None, (BlockId("b1"), BlockId("b2")))


async def test_the_firewall_is_told_apart() -> None:
    """A text that the edge refused is marked, so that it can be sent in another shape."""
    failure = await FailingWire(answering(httpx.Response(403, text=HTML, headers={"cf-ray": "a"}))).failure(
        CREATE
    )
    assert isinstance(failure, Rejected)
    assert (failure.by_firewall, failure.status) == (True, 403)
    large = await FailingWire(answering(httpx.Response(413))).failure(CREATE)
    assert isinstance(large, Rejected)
    assert (large.by_firewall, large.status) == (False, 413)


async def test_faults_of_ours_stay_what_they_are() -> None:
    """What is no failure of the exchange is not dressed up as one."""
    wire = FailingWire(answering(httpx.Response(200, json={"object": "block", "id": "b"})))
    unsendable = change("PATCH", "blocks/b", Target.PAGE, body={"text": "\ud800"})
    with pytest.raises(UnicodeEncodeError):
        await wire.calls.send(unsendable, lambda answer: answer, lane=Lane.LIVE)
    assert wire.sent == 0


@given(
    st.integers(300, 599),
    st.one_of(
        st.text(max_size=60), st.recursive(st.none() | st.text() | st.integers(), st.lists).map(json.dumps)
    ),
    st.sampled_from([READ, WRITE, DELETE, CREATE, QUERY]),
)
def test_any_answer_has_a_class(status: int, body: str, request: Request) -> None:
    """Whatever stands in an answer, judging it never fails and a doubt is never taken for a certainty."""
    failure = judge(error_answer(status, body=body, headers={}), request, settle=SETTLE)
    if request.writes and status != 529 and (status >= 500 or status < 400):
        assert isinstance(failure, Ambiguous)
    if not request.writes:
        assert not isinstance(failure, Ambiguous)


def test_the_sentence_about_the_trash_is_read_in_one_place() -> None:
    """Notion's sentences about the trash are known; those that quote what was sent are not taken for them."""
    assert says_trashed("Can't edit block that is archived. You must unarchive the block before editing.")
    assert says_trashed("Cannot update a page in the trash.")
    assert not says_trashed(
        "body failed validation: body.children[0] should be x, instead was `is archived`."
    )
    assert not says_trashed("Title is not a property that exists.")

"""Each status, time-out and foreign body becomes one class, by whether the request was a write."""

import json
import ssl
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import AccessLost, Ambiguous, Conflict, PageGone, Rejected, SyncError, Transient
from sync.names import BlockId, PageId
from sync.notion.answers import expect
from sync.notion.calls import ATTEMPTS, Calls
from sync.notion.client import http_client, notion_client
from sync.notion.limiter import Lane, RateLimiter
from sync.notion.refusals import judge, refusal, says_trashed
from sync.notion.request import Request, Target, change, read

CANARY = "ntn_CANARY0123456789abcdefghijklmnopqrstuvwxyz"
SETTLE = timedelta(seconds=65)
READ = read("blocks/b/children", Target.PAGE)
WRITE = change("PATCH", "blocks/b", Target.PAGE, body={"paragraph": {}})
TRASH = change("PATCH", "pages/p", Target.PAGE, body={"in_trash": True})
DELETE = change("DELETE", "blocks/b", Target.PAGE, body=None)
QUERY = Request(method="POST", path="data_sources/d/query", target=Target.DATABASE, writes=False, body={})
CREATE = Request(
    method="POST",
    path="pages",
    target=Target.DATABASE,
    writes=True,
    creates_page=True,
    body={"properties": {}},
)
HTML = "<html><body>Sorry, you have been blocked</body></html>"

Handler = Callable[[httpx.Request], httpx.Response]


def _error(status: int, code: str, message: str = "No.", **extra: Any) -> httpx.Response:  # noqa: ANN401 - JSON
    body: dict[str, Any] = {"object": "error", "status": status, "code": code, "message": message}
    if extra:
        body["additional_data"] = extra
    return httpx.Response(status, json=body, headers={"x-notion-request-id": "r"})


def _raised(error: Exception) -> Handler:
    def handle(_: httpx.Request) -> httpx.Response:
        raise error

    return handle


def _answering(response: httpx.Response) -> Handler:
    return lambda _: response


class Wire:
    """A client whose network is a function; counts what reaches it and how long was waited."""

    def __init__(self, handler: Handler) -> None:
        self.sent = 0
        self.slept: list[float] = []
        self._handler = handler
        http = http_client(transport=httpx.MockTransport(self._count))
        self.limiter = RateLimiter(1e6, lambda: 0.0)
        self.calls = Calls(
            notion_client(http, token=CANARY, base_url="https://notion.test/v1/"),
            self.limiter,
            settle=SETTLE,
            jitter=lambda: 0.5,
            sleep=self._sleep,
        )

    def _count(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"] == f"Bearer {CANARY}"
        assert request.headers["notion-version"] == "2026-03-11"
        assert request.url.path.startswith("/v1/")
        self.sent += 1
        return self._handler(request)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def failure(self, request: Request) -> SyncError:
        """Send a request that fails and return our error."""
        with pytest.raises(SyncError) as caught:
            await self.calls.send(request, lambda answer: expect(answer, "block"), lane=Lane.LIVE)
        assert CANARY not in repr(caught.value) + str(caught.value) + repr(caught.value.__cause__)
        return caught.value


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
    wire = Wire(_raised(error))
    assert isinstance(await wire.failure(request_), Transient)
    assert wire.sent == ATTEMPTS
    assert wire.slept == [1.0, 2.0, 4.0]


@pytest.mark.parametrize("error", BROKEN, ids=lambda e: type(e).__name__)
async def test_a_broken_exchange_is_ambiguous_for_a_write_alone(error: Exception) -> None:
    """A connection that broke after sending leaves a doubt about a write, and none about a read."""
    wire = Wire(_raised(error))
    failure = await wire.failure(CREATE)
    assert isinstance(failure, Ambiguous)
    assert failure.settles_in == SETTLE
    assert wire.sent == 1
    assert isinstance(await Wire(_raised(error)).failure(READ), Transient)
    assert isinstance(await Wire(_raised(error)).failure(QUERY), Transient)


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
    failure = await Wire(_answering(response)).failure(WRITE)
    assert isinstance(failure, Ambiguous)
    assert failure.settles_in == SETTLE
    assert isinstance(await Wire(_answering(response)).failure(READ), Transient)


@pytest.mark.parametrize(
    ("response", "request_", "kind"),
    [
        (_error(400, "validation_error", "body failed validation: too long"), WRITE, Rejected),
        (_error(400, "invalid_json"), WRITE, Rejected),
        (_error(400, "missing_version"), WRITE, AccessLost),
        (_error(400, "invalid_request_url"), READ, AccessLost),
        (_error(400, "validation_error", "Can't edit block that is archived."), WRITE, PageGone),
        (
            _error(400, "validation_error", "Can't edit page on block with an archived ancestor."),
            WRITE,
            PageGone,
        ),
        (_error(400, "validation_error", "The data source is in the trash."), CREATE, AccessLost),
        (_error(400, "validation_error", "body failed validation: instead was `archived`"), WRITE, Rejected),
        (_error(401, "unauthorized", "API token is invalid."), WRITE, AccessLost),
        (httpx.Response(401, text=HTML), READ, AccessLost),
        (_error(403, "restricted_resource"), WRITE, AccessLost),
        (_error(403, "restricted_resource", block_limit="block_creation"), CREATE, AccessLost),
        (httpx.Response(403, text=HTML, headers={"cf-ray": "a"}), CREATE, Rejected),
        (httpx.Response(403, text=HTML, headers={"cf-ray": "a"}), QUERY, Rejected),
        (httpx.Response(403, text=HTML, headers={"cf-ray": "a"}), READ, AccessLost),
        (httpx.Response(403, text=HTML, headers={"cf-ray": "a"}), TRASH, AccessLost),
        (httpx.Response(403, text=HTML, headers={"x-notion-request-id": "a"}), CREATE, AccessLost),
        (_error(404, "object_not_found"), WRITE, PageGone),
        (_error(404, "object_not_found"), READ, PageGone),
        (_error(404, "object_not_found"), CREATE, AccessLost),
        (_error(404, "object_not_found"), QUERY, AccessLost),
        (httpx.Response(404, text=HTML), WRITE, AccessLost),
        (httpx.Response(407, text=HTML), READ, AccessLost),
        (httpx.Response(408, text=""), WRITE, Ambiguous),
        (_error(409, "conflict_error"), WRITE, Conflict),
        (_error(409, "row_limit_exceeded"), CREATE, AccessLost),
        (httpx.Response(413, text="too large"), CREATE, Rejected),
        (httpx.Response(414, text=""), READ, Rejected),
        (
            _error(429, "rate_limited", retry_after="61", rate_limit_reason="public_api_request_rate_limit"),
            CREATE,
            Transient,
        ),
        (_error(429, "rate_limited", rate_limit_reason="public_api_request_blocked"), CREATE, AccessLost),
        (httpx.Response(429, text=HTML, headers={"retry-after": "61"}), CREATE, Transient),
        (_error(500, "internal_server_error"), READ, Transient),
        (_error(500, "internal_server_error"), DELETE, Ambiguous),
        (httpx.Response(502, text=HTML), WRITE, Ambiguous),
        (httpx.Response(502, text=HTML), QUERY, Transient),
        (_error(503, "service_unavailable"), QUERY, Transient),
        (_error(504, "gateway_timeout"), WRITE, Ambiguous),
        (httpx.Response(522, text=HTML), WRITE, Ambiguous),
        (_error(529, "service_overload", retry_after="61"), CREATE, Transient),
    ],
)
async def test_each_status_has_its_class(
    response: httpx.Response, request_: Request, kind: type[SyncError]
) -> None:
    """Status, code and sender of an answer decide what it means; each says what happened and what to do."""
    failure = await Wire(_answering(response)).failure(request_)
    assert type(failure) is kind
    assert failure.what
    assert not failure.what.endswith(".")
    if isinstance(failure, AccessLost):
        assert failure.hint


@pytest.mark.parametrize(
    ("response", "settles"),
    [
        (_error(500, "internal_server_error"), 2),
        (_error(503, "service_unavailable"), 2),
        (_error(503, "database_connection_unavailable"), 2),
        (httpx.Response(500, text=HTML), 65),
        (httpx.Response(503, json={"message": "no"}), 65),
        (_error(502, "bad_gateway"), 65),
        (_error(504, "gateway_timeout"), 65),
    ],
)
async def test_only_notions_own_end_settles_soon(response: httpx.Response, settles: int) -> None:
    """Where Notion itself has answered, its work has ended; where something in between did, it may go on."""
    failure = await Wire(_answering(response)).failure(CREATE)
    assert isinstance(failure, Ambiguous)
    assert failure.settles_in == timedelta(seconds=settles)


async def test_a_saved_write_names_what_it_made() -> None:
    """A 503 that says "saved" carries the new page of a create, or the new blocks of an append."""
    created = await Wire(_answering(_error(503, "service_unavailable", committed_resource_id="p1"))).failure(
        CREATE
    )
    assert isinstance(created, Ambiguous)
    assert (created.committed_page, created.committed_blocks) == (PageId("p1"), ())
    assert created.settles_in == timedelta(0)
    extra: dict[str, Any] = {"committed_resource_id": "parent", "committed_child_ids": ["b1", "b2"]}
    appended = await Wire(_answering(_error(503, "service_unavailable", **extra))).failure(WRITE)
    assert isinstance(appended, Ambiguous)
    assert (appended.committed_page, appended.committed_blocks) == (None, (BlockId("b1"), BlockId("b2")))


async def test_the_firewall_is_told_apart() -> None:
    """A text that the edge refused is marked, so that it can be sent in another shape."""
    failure = await Wire(_answering(httpx.Response(403, text=HTML, headers={"cf-ray": "a"}))).failure(CREATE)
    assert isinstance(failure, Rejected)
    assert (failure.by_firewall, failure.status) == (True, 403)
    large = await Wire(_answering(httpx.Response(413))).failure(CREATE)
    assert isinstance(large, Rejected)
    assert (large.by_firewall, large.status) == (False, 413)


@pytest.mark.parametrize(
    ("code", "kind"), [(9, Transient), (10, AccessLost), (18, AccessLost), (20, AccessLost)]
)
async def test_untrusted_certificates(code: int, kind: type[SyncError]) -> None:
    """A certificate that is not valid yet will be, or the clock is wrong; any other is for a person."""
    cause = ssl.SSLCertVerificationError(1, "certificate verify failed")
    cause.verify_code = code
    error = httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED]")
    error.__cause__ = cause
    failure = await Wire(_raised(error)).failure(CREATE)
    assert type(failure) is kind
    assert failure.hint


async def test_faults_of_ours_stay_what_they_are() -> None:
    """What is no failure of the exchange is not dressed up as one."""
    wire = Wire(_answering(httpx.Response(200, json={"object": "block", "id": "b"})))
    unsendable = change("PATCH", "blocks/b", Target.PAGE, body={"text": "\ud800"})
    with pytest.raises(UnicodeEncodeError):
        await wire.calls.send(unsendable, lambda answer: answer, lane=Lane.LIVE)
    assert wire.sent == 0


@pytest.mark.parametrize("status", [429, 529])
@pytest.mark.parametrize(("seconds", "attempts"), [(0, ATTEMPTS), (61, 1), (3_600, 1)])
async def test_a_long_wait_is_not_waited_for_in_the_call(status: int, seconds: int, attempts: int) -> None:
    """The wait asked for pauses the budget, reaches the caller, and over a minute ends the call."""
    wire = Wire(_answering(httpx.Response(status, text="{}", headers={"retry-after": str(seconds)})))
    failure = await wire.failure(CREATE)
    assert isinstance(failure, Transient)
    assert failure.retry_after == timedelta(seconds=seconds)
    assert wire.sent == attempts
    assert wire.limiter.snapshot().paused_for == timedelta(seconds=seconds)
    assert not any(wire.slept)


async def test_a_conflict_is_repeated_after_a_short_pause() -> None:
    """Colliding saves are tried again in the call, and what then succeeds is the result."""
    answers = iter([_error(409, "conflict_error"), httpx.Response(200, json={"object": "block", "id": "b"})])
    wire = Wire(lambda _: next(answers))
    answer = await wire.calls.send(WRITE, lambda answer: answer["id"], lane=Lane.BACKFILL)
    assert (answer, wire.sent, wire.slept) == ("b", 2, [0.7])
    assert wire.calls.sent == {Lane.BACKFILL: 2}


def _waited(headers: Mapping[str, str], extra: Mapping[str, Any]) -> timedelta | None:
    body = json.dumps({"object": "error", "code": "rate_limited", "message": "x", "additional_data": extra})
    failure = judge(refusal(429, body=body, headers=headers), CREATE, settle=SETTLE)
    assert isinstance(failure, Transient)
    return failure.retry_after


def test_retry_after_in_every_form() -> None:
    """Seconds, a date, or the body's word; what cannot be read is as good as absent."""
    assert _waited({"retry-after": "17"}, {}) == timedelta(seconds=17)
    assert _waited({}, {"retry_after": "5"}) == timedelta(seconds=5)
    dates = {"retry-after": "Sat, 10 Jan 2026 14:31:30 GMT", "date": "Sat, 10 Jan 2026 14:30:00 GMT"}
    assert _waited(dates, {}) == timedelta(seconds=90)
    assert _waited({"retry-after": "soon"}, {"retry_after": "8"}) == timedelta(seconds=8)
    assert _waited({"retry-after": "-3"}, {}) is None
    assert _waited({}, {}) is None


@given(
    st.integers(300, 599),
    st.one_of(
        st.text(max_size=60), st.recursive(st.none() | st.text() | st.integers(), st.lists).map(json.dumps)
    ),
    st.sampled_from([READ, WRITE, DELETE, CREATE, QUERY]),
)
def test_any_answer_has_a_class(status: int, body: str, request: Request) -> None:
    """Whatever stands in an answer, judging it never fails and a doubt is never taken for a certainty."""
    failure = judge(refusal(status, body=body, headers={}), request, settle=SETTLE)
    if request.writes and status != 529 and (status >= 500 or status < 400):
        assert isinstance(failure, Ambiguous)
    if not request.writes:
        assert not isinstance(failure, Ambiguous)


@pytest.mark.parametrize("token", ["", "ntn_a b", "ntn_a\n", "ntn_ä", "ntn_\x00"])
def test_a_broken_token_is_refused_before_it_is_sent(token: str) -> None:
    """A token that cannot be a header is a set-up error that does not repeat it."""
    with pytest.raises(AccessLost) as caught:
        notion_client(http_client(transport=None), token=token, base_url="https://notion.test")
    assert not token or token not in str(caught.value)


async def test_the_token_is_in_no_text(caplog: pytest.LogCaptureFixture) -> None:
    """Neither client, options, errors, nor the log at its loudest show the token."""
    caplog.set_level("DEBUG")
    http = http_client(transport=httpx.MockTransport(_answering(_error(401, "unauthorized"))))
    client = notion_client(http, token=CANARY, base_url="https://notion.test")
    with pytest.raises(Exception, match="No") as caught:
        await client.request(path="users/me", method="GET")
    shown = [
        client,
        client.options,
        http,
        http.headers,
        dict(http.headers),
        http.auth,
        caught.value,
        vars(caught.value),
        caplog.text,
    ]
    assert CANARY not in " ".join(f"{each!r} {each}" for each in shown)


def test_the_sentence_about_the_trash_is_read_in_one_place() -> None:
    """Notion's sentences about the trash are known; those that quote what was sent are not taken for them."""
    assert says_trashed("Can't edit block that is archived. You must unarchive the block before editing.")
    assert says_trashed("Cannot update a page in the trash.")
    assert not says_trashed(
        "body failed validation: body.children[0] should be x, instead was `is archived`."
    )
    assert not says_trashed("Title is not a property that exists.")


@pytest.mark.parametrize("address", ["notion.test", "ftp://notion.test", "http://notion.test:port"])
async def test_an_address_that_is_none_is_a_set_up_error(address: str) -> None:
    """A base URL that is no web address is named as such, before or at the first request."""
    async with http_client(transport=None) as http:
        with pytest.raises(AccessLost, match="NOTION_BASE_URL"):
            await Calls(
                notion_client(http, token=CANARY, base_url=address),
                RateLimiter(1e6, lambda: 0.0),
                settle=SETTLE,
                jitter=lambda: 0.5,
                sleep=Wire(_answering(httpx.Response(200)))._sleep,
            ).send(WRITE, lambda answer: answer, lane=Lane.LIVE)


async def test_a_header_that_cannot_be_sent_is_a_set_up_error() -> None:
    """What the HTTP library refuses to put together was not sent; its text is not repeated."""
    wire = Wire(_raised(httpx.LocalProtocolError(f"Illegal header value b'Bearer {CANARY[:9]}'")))
    failure = await wire.failure(WRITE)
    assert isinstance(failure, AccessLost)
    assert CANARY[:9] not in str(failure)


async def test_an_account_that_is_not_shown_is_access_lost() -> None:
    """Not being shown one's own account is a matter of the token."""
    request = read("users/me", Target.ACCOUNT)
    assert isinstance(await Wire(_answering(_error(404, "object_not_found"))).failure(request), AccessLost)

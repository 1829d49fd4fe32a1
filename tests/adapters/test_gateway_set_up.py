"""What a person has to set right before Notion can be asked: token, address, certificates."""

import ssl

import httpx
import pytest

from sync.errors import AccessLost, SyncError, Transient
from sync.notion.calls import Calls
from sync.notion.client import http_client, notion_client
from sync.notion.limiter import Lane, RateLimiter
from sync.notion.request import Target, read
from tests.worlds.failing_wire import CANARY, CREATE, SETTLE, WRITE, FailingWire, answering, raising, refused


@pytest.mark.parametrize(
    ("code", "kind"), [(9, Transient), (10, AccessLost), (18, AccessLost), (20, AccessLost)]
)
async def test_untrusted_certificates(code: int, kind: type[SyncError]) -> None:
    """A certificate that is not valid yet will be, or the clock is wrong; any other is for a person."""
    cause = ssl.SSLCertVerificationError(1, "certificate verify failed")
    cause.verify_code = code
    error = httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED]")
    error.__cause__ = cause
    failure = await FailingWire(raising(error)).failure(CREATE)
    assert type(failure) is kind
    assert failure.hint


@pytest.mark.parametrize("token", ["", "ntn_a b", "ntn_a\n", "ntn_ä", "ntn_\x00"])
def test_a_broken_token_is_refused_before_it_is_sent(token: str) -> None:
    """A token that cannot be a header is a set-up error that does not repeat it."""
    with pytest.raises(AccessLost) as caught:
        notion_client(http_client(transport=None), token=token, base_url="https://notion.test")
    assert not token or token not in str(caught.value)


async def test_the_token_is_in_no_text(caplog: pytest.LogCaptureFixture) -> None:
    """Neither client, options, errors, nor the log at its loudest show the token."""
    caplog.set_level("DEBUG")
    http = http_client(transport=httpx.MockTransport(answering(refused(401, "unauthorized"))))
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
                sleep=FailingWire(answering(httpx.Response(200)))._sleep,
            ).send(WRITE, lambda answer: answer, lane=Lane.LIVE)


async def test_a_header_that_cannot_be_sent_is_a_set_up_error() -> None:
    """What the HTTP library refuses to put together was not sent; its text is not repeated."""
    wire = FailingWire(raising(httpx.LocalProtocolError(f"Illegal header value b'Bearer {CANARY[:9]}'")))
    failure = await wire.failure(WRITE)
    assert isinstance(failure, AccessLost)
    assert CANARY[:9] not in str(failure)


async def test_an_account_that_is_not_shown_is_access_lost() -> None:
    """Not being shown one's own account is a matter of the token."""
    request = read("users/me", Target.ACCOUNT)
    assert isinstance(
        await FailingWire(answering(refused(404, "object_not_found"))).failure(request), AccessLost
    )

"""The border: every foreign failure of a request becomes one of our classes here, and nowhere else."""

import json
import ssl
from collections.abc import Iterator
from datetime import timedelta

import httpx
from notion_client.errors import HTTPResponseError, RequestTimeoutError

from sync.errors import AccessLost, SyncError, Transient
from sync.notion.answers import NotNotion
from sync.notion.error_answers import error_answer, in_doubt, judge
from sync.notion.request import Request

_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_NOT_YET_VALID = 9  # OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID


def translate(error: Exception, request: Request, *, settle: timedelta) -> SyncError | None:  # noqa: PLR0911 - a case each
    """Return our error for a foreign one; None when the request did not fail but our own code did.

    Args:
        error: What the call raised.
        request: What was sent.
        settle: How long after sending Notion may still carry out a write whose answer was lost.
    """
    match error:
        case SyncError():
            return error
        case HTTPResponseError(status=status, body=body, headers=headers):
            return judge(error_answer(status, body=body, headers=headers), request, settle=settle)
        case RequestTimeoutError():
            return _unanswered(error.__context__ or error, request, settle=settle)
        case httpx.InvalidURL() | httpx.UnsupportedProtocol():
            return AccessLost("The address of Notion is not a web address", "Correct NOTION_BASE_URL")
        case httpx.LocalProtocolError():
            return AccessLost("The request cannot be put together", "Check NOTION_TOKEN for stray characters")
        case (
            NotNotion()
            | json.JSONDecodeError()
            | UnicodeDecodeError()
            | httpx.DecodingError()
            | RecursionError()
        ):
            return in_doubt(
                request,
                "Something other than Notion answered, or only half of its answer arrived",
                "If it lasts: check NOTION_BASE_URL, and that no proxy or sign-in page is in the way",
                settle=settle,
            )
        case httpx.HTTPError() | OSError():
            return _unanswered(error, request, settle=settle)
        case _:
            return None


def _unanswered(error: BaseException, request: Request, *, settle: timedelta) -> SyncError:
    """Judge a failure without an answer by whether the request can have left."""
    for cause in _chain(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _untrusted(cause)
    if isinstance(error, httpx.ProxyError):
        return Transient("The proxy did not connect to Notion", "If it lasts: check HTTPS_PROXY")
    if isinstance(error, _NEVER_SENT):
        return Transient("Notion cannot be reached", "If it lasts: check this machine's network connection")
    return in_doubt(request, "The connection to Notion broke before the answer arrived", settle=settle)


def _untrusted(error: ssl.SSLCertVerificationError) -> SyncError:
    if error.verify_code == _NOT_YET_VALID:
        return Transient(
            "By this machine's clock Notion's certificate is not valid yet", "Check its date and time"
        )
    why = getattr(error, "verify_message", "") or "unknown certificate"
    return AccessLost(
        f"The connection to Notion is not trusted ({why})",
        "If a proxy or virus scanner opens the traffic, set SSL_CERT_FILE to its certificate",
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__

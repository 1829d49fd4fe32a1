"""The API of Notion: from a request to an endpoint, from its answer or refusal to a response."""

import json
from collections.abc import Callable, Mapping
from typing import TypeAlias
from urllib.parse import parse_qs

from sync.notion.emulator.api import blocks as blocks_api
from sync.notion.emulator.api import comments as comments_api
from sync.notion.emulator.api import databases as databases_api
from sync.notion.emulator.api import pages as pages_api
from sync.notion.emulator.api import search as search_api
from sync.notion.emulator.api import uploads as uploads_api
from sync.notion.emulator.api import users as users_api
from sync.notion.emulator.api import views as views_api
from sync.notion.emulator.api.calls import Access, Call
from sync.notion.emulator.api.queries import Queries
from sync.notion.emulator.checks import Obj
from sync.notion.emulator.exchange import HttpRequest, HttpResponse, json_body
from sync.notion.emulator.ids import IdSource
from sync.notion.emulator.refusals import ApiError, invalid, unwanted
from sync.notion.emulator.workspace import Workspace

VERSION = "2026-03-11"
ROOT = "/v1/"

Endpoint: TypeAlias = Callable[[Call], Obj]
Route: TypeAlias = tuple[str, ...]

_ENDPOINTS: Mapping[Route, Endpoint] = {
    ("GET", "users", "*"): users_api.retrieve,
    ("GET", "databases", "*"): databases_api.retrieve,
    ("POST", "databases"): databases_api.create,
    ("GET", "data_sources", "*"): databases_api.retrieve_source,
    ("PATCH", "data_sources", "*"): databases_api.update_source,
    ("POST", "pages"): pages_api.create,
    ("GET", "pages", "*"): pages_api.retrieve,
    ("PATCH", "pages", "*"): pages_api.update,
    ("GET", "blocks", "*"): blocks_api.retrieve,
    ("PATCH", "blocks", "*"): blocks_api.update,
    ("DELETE", "blocks", "*"): blocks_api.delete,
    ("GET", "blocks", "*", "children"): blocks_api.children,
    ("PATCH", "blocks", "*", "children"): blocks_api.append,
    ("GET", "comments"): comments_api.listed,
    ("POST", "comments"): comments_api.create,
    ("GET", "comments", "*"): comments_api.retrieve,
    ("PATCH", "comments", "*"): comments_api.update,
    ("DELETE", "comments", "*"): comments_api.delete,
    ("GET", "views"): views_api.listed,
    ("POST", "views"): views_api.create,
    ("GET", "views", "*"): views_api.retrieve,
    ("PATCH", "views", "*"): views_api.update,
    ("DELETE", "views", "*"): views_api.delete,
    ("POST", "search"): search_api.search,
    ("POST", "file_uploads"): uploads_api.create,
    ("GET", "file_uploads", "*"): uploads_api.retrieve,
    ("POST", "file_uploads", "*", "send"): uploads_api.send,
}

_PAGED = ("page_size", "start_cursor")
_QUERY: Mapping[Route, tuple[str, ...]] = {
    ("GET", "pages", "*"): ("filter_properties", "filter_properties[]"),
    ("PATCH", "pages", "*"): ("filter_properties", "filter_properties[]"),
    ("POST", "pages"): ("filter_properties", "filter_properties[]"),
    ("POST", "data_sources", "*", "query"): ("filter_properties", "filter_properties[]"),
    ("GET", "blocks", "*", "children"): _PAGED,
    ("GET", "comments"): ("block_id", *_PAGED),
    ("GET", "views"): ("database_id", "data_source_id", *_PAGED),
}
"""What a query string may say."""


class Api:
    """Answers the requests of one connection to one workspace."""

    def __init__(self, ws: Workspace, access: Access, *, seed: int) -> None:
        self._ws = ws
        self._access = access
        queries = Queries()
        self._endpoints = {
            ("POST", "data_sources", "*", "query"): queries.answer,
            **_ENDPOINTS,
        }
        self._request_ids = IdSource(seed + 1)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Apply a request, wholly or not at all, and answer it."""
        try:
            return self.reply(200, self._apply(request))
        except ApiError as refusal:
            return self.refuse(refusal)

    def refuse(self, refusal: ApiError) -> HttpResponse:
        """Return the answer that a refusal is."""
        body: Obj = {
            "object": "error",
            "status": refusal.status,
            "code": refusal.code,
            "message": refusal.message,
        }
        if refusal.additional:
            body["additional_data"] = dict(refusal.additional)
        wait = {} if refusal.retry_after is None else {"retry-after": str(refusal.retry_after)}
        return self.reply(refusal.status, body, headers=wait)

    def reply(self, status: int, body: Obj, *, headers: Mapping[str, str] | None = None) -> HttpResponse:
        """Return an answer of Notion's own: with a request id, in the body and in a header."""
        request_id = self._request_ids.uuid()
        return HttpResponse(
            status,
            {
                "content-type": "application/json; charset=utf-8",
                "server": "cloudflare",
                "cf-ray": f"{request_id[:8]}{request_id[9:13]}beef-EMU",
                "x-notion-request-id": request_id,
                **(headers or {}),
            },
            json_body({**body, "request_id": request_id}),
        )

    def _apply(self, request: HttpRequest) -> Obj:
        route, ids = self._route(request)
        self._authorize(request)
        content_type = request.headers.get("content-type", "")
        query = parse_qs(request.query, keep_blank_values=True)
        for key in query:
            if key not in _QUERY.get(route, ()):
                raise unwanted(f"query.{key}", query[key][-1])
        call = Call(
            ws=self._ws,
            access=self._access,
            ids=ids,
            query=query,
            body={} if content_type.startswith("multipart/") else _parsed(request.body, content_type),
            raw=request.body,
            content_type=content_type,
            base=f"http://{request.headers.get('host', 'localhost')}",
        )
        return self._endpoints[route](call)

    def _route(self, request: HttpRequest) -> tuple[Route, tuple[str, ...]]:
        parts = tuple(request.path.removeprefix(ROOT).strip("/").split("/"))
        if request.path.startswith(ROOT):
            route = (request.method, *(("*" if place == 1 else part) for place, part in enumerate(parts)))
            if route in self._endpoints:
                return route, parts[1:2]
        raise ApiError(400, "invalid_request_url", "Invalid request URL.")

    def _authorize(self, request: HttpRequest) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or self._access.token is None or token != self._access.token:
            raise ApiError(401, "unauthorized", "API token is invalid.")
        version = request.headers.get("notion-version")
        if version is None:
            raise ApiError(
                400,
                "missing_version",
                "Notion-Version header failed validation: Notion-Version header should be defined, "
                "instead was `undefined`.",
            )
        if version != VERSION:
            raise ApiError(
                400,
                "validation_error",
                f'Notion-Version header failed validation: Notion-Version header should be `"{VERSION}"`, '
                f'instead was `"{version}"`.',
            )


def _parsed(body: bytes, content_type: str) -> Obj:
    if not body:
        return {}
    if not content_type.startswith("application/json"):
        raise ApiError(400, "invalid_json", "The Content-Type header should be application/json.")
    try:
        value = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ApiError(400, "invalid_json", "Error parsing JSON body.") from error
    if not isinstance(value, dict):
        raise invalid("body failed validation: body should be an object.")
    return value


def _no_constant(name: str) -> float:
    raise ValueError(name)

"""What people look at: the database as a table, and each trace as a page."""

from pathlib import Path
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sync.notion.emulator.emulator import Emulator
from sync.notion.emulator.exchange import HttpResponse
from sync.notion.emulator.screens.table import shown_table
from sync.notion.emulator.screens.trace import shown_trace

_TEMPLATES = Path(__file__).with_name("templates")
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Pages:
    """Renders a workspace as it is now."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._templates = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def answer(self, method: str, path: str, query: str) -> HttpResponse:
        """Return the page at a path."""
        if method not in {"GET", "HEAD"}:
            return self._page(405, "absent.html", what="Only the API under /v1/ takes writes.")
        self._emulator.settle()
        ws = self._emulator.workspace
        if path == "/":
            asked = {key: values[-1] for key, values in parse_qs(query).items()}
            return self._page(200, "table.html", table=shown_table(ws, asked))
        page = ws.pages.get(path.removeprefix("/trace/"))
        if page is None:
            return self._page(404, "absent.html", what="There is no such trace.")
        return self._page(200, "trace.html", trace=shown_trace(ws, page))

    def _page(self, status: int, template: str, **values: object) -> HttpResponse:
        headers = {
            "content-type": "text/html; charset=utf-8",
            "content-security-policy": _POLICY,
            "referrer-policy": "no-referrer",
            "x-content-type-options": "nosniff",
        }
        return HttpResponse(status, headers, self._templates.get_template(template).render(**values).encode())

"""The stand-in for Notion as a whole: one request in, what the client sees out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from sync.notion.emulator.api.calls import Access
from sync.notion.emulator.api.databases import new_columns
from sync.notion.emulator.api.routes import VERSION, Api
from sync.notion.emulator.checks import Obj
from sync.notion.emulator.dump import page_dump
from sync.notion.emulator.exchange import Delivery, HttpRequest, HttpResponse, json_body
from sync.notion.emulator.human import Human
from sync.notion.emulator.ids import IdSource, given_id
from sync.notion.emulator.journal import Journal, JournalEntry
from sync.notion.emulator.mishaps import edge
from sync.notion.emulator.mishaps.collisions import Collisions
from sync.notion.emulator.mishaps.faults import Faults
from sync.notion.emulator.mishaps.mishaps import Stage, conflict, rate_limited, suffer
from sync.notion.emulator.mishaps.ratelimit import RateRule, Throttle
from sync.notion.emulator.model import Database
from sync.notion.emulator.rules.rich_text import unstyled
from sync.notion.emulator.workspace import Workspace

DEMO_TOKEN = "ntn_emulator"  # noqa: S105  # opens nothing but this stand-in
AI_TRACES = "9272e7a6-91ab-4c50-b5b9-b28cc2f41f3d"


@dataclass(slots=True)
class _Late:
    due: datetime
    request: HttpRequest


class Emulator:
    """A Notion in this process, with one workspace and one connection to it.

    Attributes:
        workspace: What is in it.
        access: What the connection may do; change it to take rights away.
        human: What Jen does.
        faults: What goes wrong.
        journal: What was asked.
        firewall: Whether the edge refuses texts that look like attacks.
        latency: Seconds that every answer takes.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        seed: int = 0,
        token: str = DEMO_TOKEN,
        rate: RateRule | Sequence[RateRule] | None = None,
        firewall: bool = False,
        latency: float = 0.0,
    ) -> None:
        rules = [] if rate is None else list(rate) if isinstance(rate, Sequence) else [rate]
        self._clock = clock
        self.workspace = Workspace(clock=clock, ids=IdSource(seed))
        self.access = Access(token)
        self.human = Human(self.workspace)
        self.faults = Faults()
        self.journal = Journal()
        self.firewall = firewall
        self.latency = latency
        self._api = Api(self.workspace, self.access, seed=seed)
        self._limiter = Throttle(rules)
        self._collisions = Collisions(self.workspace)
        self._late: list[_Late] = []
        self._stage = Stage(self._answer, self._api.refuse, self._defer)

    def create_database(
        self, title: str = "AI Traces", *, database_id: str = AI_TRACES, properties: Obj | None = None
    ) -> Database:
        """Make a database that is shared with the connection.

        Args:
            title: As it is shown.
            database_id: With or without dashes.
            properties: Its columns as the API takes them; only `Name`, the title, when None.
        """
        ws = self.workspace
        columns = new_columns(ws, properties or {}, "properties")
        return ws.add_database(
            unstyled(title), columns=columns, user=ws.jen, database_id=given_id(database_id, "database_id")
        )

    @contextmanager
    def under_way(self, request: HttpRequest) -> Iterator[Delivery]:
        """Keep a request under way while the context lasts: another write to its page conflicts."""
        with self._collisions.under_way(request) as meets:
            yield self.handle(request, meets_another=meets)

    def handle(self, request: HttpRequest, *, meets_another: bool = False) -> Delivery:
        """Take one request and say what the client sees of it.

        Args:
            request: As it arrives.
            meets_another: Another write to its page is under way.
        """
        self.settle()
        n = self.journal.next_number()
        now = self._clock()
        fault = self.faults.strike(request)
        if fault is None:
            response = self._api.refuse(conflict()) if meets_another else self._answer(request)
            outcome, applied = Delivery(response), response.status < 300  # noqa: PLR2004  # 2xx
        else:
            outcome, applied = suffer(fault, request, self._stage)
        self.journal.entries.append(
            JournalEntry(
                n=n,
                time=now,
                method=request.method,
                path=request.path,
                status=outcome.response.status if outcome.response and not outcome.cut else None,
                applied=applied,
                size=len(request.body),
                fault=fault.kind.value if fault else None,
            )
        )
        if outcome.response is not None:
            dated = {**outcome.response.headers, "date": format_datetime(now.astimezone(UTC), usegmt=True)}
            outcome = replace(outcome, response=replace(outcome.response, headers=dated))
        return replace(outcome, delay=outcome.delay + self.latency) if self.latency else outcome

    def ask(self, method: str, path: str, body: object = None) -> HttpResponse:
        """Send a request below /v1/ as the connection would, with its token, and return the answer.

        Raises:
            ConnectionError: The connection broke.
        """
        where, _, query = path.partition("?")
        headers = {
            "authorization": f"Bearer {self.access.token}",
            "notion-version": VERSION,
            "content-type": "application/json",
        }
        sent = b"" if body is None else json_body(body)
        outcome = self.handle(HttpRequest(method, f"/v1/{where}", query, headers, sent))
        if outcome.response is None or outcome.cut:
            raise ConnectionError(f"{method} {path}: {outcome.cut}")
        return outcome.response

    def settle(self) -> None:
        """Apply the late requests whose time has come."""
        now = self._clock()
        due = [late for late in self._late if late.due <= now]
        self._late = [late for late in self._late if late.due > now]
        for late in sorted(due, key=lambda late: late.due):
            self._api.answer(late.request)

    def settle_all(self) -> None:
        """Apply the late requests now."""
        late, self._late = self._late, []
        for one in sorted(late, key=lambda one: one.due):
            self._api.answer(one.request)

    def dump(self) -> list[dict[str, Any]]:
        """Return every row of every database with its text, those in the trash included, oldest first."""
        self.settle()
        ws = self.workspace
        rows: Iterable[str] = (row for source in ws.data_sources.values() for row in source.rows)
        return [page_dump(ws, ws.pages[row]) for row in rows]

    def reset(self) -> None:
        """Delete all rows for good; forget faults, journal and late requests. Databases and columns stay."""
        ws = self.workspace
        ws.forget_rows()
        self.faults.clear()
        self.journal.clear()
        self._late.clear()

    def _answer(self, request: HttpRequest) -> HttpResponse:
        """Take a request past the edge and the rate limit to the API."""
        stopped = self._stopped(request)
        if stopped:
            return stopped
        refused = self._limiter.admit(self._clock())
        if refused:
            return self._api.refuse(rate_limited(refused.retry_after, refused.reason))
        return self._api.answer(request)

    def _stopped(self, request: HttpRequest) -> HttpResponse | None:
        """Return the answer of the edge; None when it lets the request through."""
        multipart = request.headers.get("content-type", "").startswith("multipart/")
        if len(request.body) > edge.BODY_LIMIT and not multipart:
            return edge.too_large()
        if self.firewall and edge.looks_like_an_attack(request.body):
            return edge.blocked()
        return None

    def _defer(self, request: HttpRequest, seconds: float) -> None:
        if self._stopped(request) is None:
            self._late.append(_Late(self._clock() + timedelta(seconds=seconds), request))

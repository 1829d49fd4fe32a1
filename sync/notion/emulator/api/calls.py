"""A request on its way through the API: parsed, allowed, and with what it may touch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sync.notion.emulator.api.answers import CONNECTION
from sync.notion.emulator.checks import Obj, obj
from sync.notion.emulator.ids import given_id
from sync.notion.emulator.model import Database, DataSource, Page, StoredBlock
from sync.notion.emulator.refusals import (
    ApiError,
    archived,
    expected,
    invalid,
    not_found,
    out_of_blocks,
    restricted,
)
from sync.notion.emulator.workspace import Workspace

PAGE_SIZE_LIMIT = 100


class Capability(StrEnum):
    """What a connection may be allowed to do."""

    READ = "read_content"
    INSERT = "insert_content"
    UPDATE = "update_content"
    READ_COMMENTS = "read_comments"
    INSERT_COMMENTS = "insert_comments"


@dataclass(slots=True)
class Access:
    """What the connection may do now; change it to take rights away.

    Attributes:
        token: The only valid token; None when it was revoked.
        out_of_blocks: The workspace is on the free plan and has used all of its blocks.
    """

    token: str | None
    capabilities: set[Capability] = field(default_factory=lambda: set(Capability))
    out_of_blocks: bool = False

    def need(self, capability: Capability) -> None:
        """Refuse when the connection has no such capability."""
        if capability not in self.capabilities:
            raise restricted()

    def need_blocks(self) -> None:
        """Refuse when no block can be made any more."""
        if self.out_of_blocks:
            raise out_of_blocks()


@dataclass(frozen=True, slots=True)
class Call:
    """One request to an endpoint.

    Attributes:
        ids: The variable parts of the path, in order, as given.
        body: The JSON body; empty when there is none.
        raw: The bytes of the body, for what is not JSON.
        base: The address of the API as the client knows it.
    """

    ws: Workspace
    access: Access
    ids: Sequence[str]
    query: Mapping[str, Sequence[str]]
    body: Obj
    raw: bytes
    content_type: str
    base: str

    def only_keys(self, *allowed: str) -> None:
        """Refuse a body with other keys."""
        obj(self.body, "body", allowed=allowed)

    def page_size(self) -> int:
        """Return how many results one answer holds."""
        text = self.query.get("page_size", [str(PAGE_SIZE_LIMIT)])[-1]
        return page_size(int(text) if text.isdigit() else text, "query.page_size")

    def cursor(self) -> str | None:
        """Return where in a list to go on."""
        given = self.query.get("start_cursor")
        return given[-1] if given else None

    def missing(self, what: str, identity: str) -> ApiError:
        """Return the refusal to know an object."""
        return not_found(what, identity, connection=CONNECTION, connection_id=self.ws.bot)

    def database(self, given: object, path: str) -> Database:
        """Return a database that is there and shared."""
        identity = given_id(given, path)
        database = self.ws.databases.get(identity)
        if database is None or not database.is_shared:
            raise self.missing("database", identity)
        return database

    def data_source(self, given: object, path: str) -> DataSource:
        """Return a data source that is there and shared."""
        identity = given_id(given, path)
        source = self.ws.data_sources.get(identity)
        if source is None or not self.ws.databases[source.database].is_shared:
            raise self.missing("data_source", identity)
        return source

    def page(self, given: object, path: str) -> Page:
        """Return a page that is there and shared."""
        identity = given_id(given, path)
        page = self.ws.pages.get(identity)
        if page is None or not self.is_shared(page):
            raise self.missing("page", identity)
        return page

    def block(self, given: object, path: str) -> StoredBlock | Page:
        """Return a block, or a page as one, that is there and shared."""
        identity = given_id(given, path)
        block = self.ws.blocks.get(identity)
        page = self.ws.pages.get(block.page if block else identity)
        if page is None or not self.is_shared(page):
            raise self.missing("block", identity)
        return block or page

    def living(self, thing: str) -> None:
        """Refuse to change what is in the trash, or below something that is."""
        if self.ws.is_in_trash(thing):
            raise archived()

    def is_shared(self, page: Page) -> bool:
        """Tell whether the connection can see a page."""
        if page.data_source:
            return self.ws.databases[self.ws.data_sources[page.data_source].database].is_shared
        return page.parent is None or self.is_shared(self.ws.pages[page.parent])


def page_size(value: object, path: str) -> int:
    """Take the length of a page of results: 1 to 100."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise expected(path, "a number", value)
    if value < 1:
        raise expected(path, "≥ `1`", value)
    if value > PAGE_SIZE_LIMIT:
        raise expected(path, f"≤ `{PAGE_SIZE_LIMIT}`", value)
    return value


def wrong_cursor(cursor: object) -> ApiError:
    """Refuse a cursor that this list did not hand out."""
    return invalid(f"The start_cursor provided is invalid: {cursor}")

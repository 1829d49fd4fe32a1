"""Put a firewall in front of Notion, and make logs that it takes for attacks."""

from collections.abc import Callable

import httpx

from sync.notion.emulator.mishaps.edge import blocked, looks_like_an_attack
from tests.worlds.trees import flat
from tests.worlds.world import World

PATH = "2026-01-10-task.md"
SIGN = "⚠️"
MISSING = (
    "Parts of this log are not on this page: Notion, or the firewall in front of it, refuses their text."
)
BAD = (
    "cat /etc/hosts",
    "```sh\ncat <<EOF\nx\nEOF\n```",
    "`make || true`",
    "id=1 UNION SELECT 1",
    "`rm; rm -rf /`",
)


def paragraphs(total: int, bad: dict[int, str], *, title: str = "T-1") -> str:
    """Return a log of so many paragraphs, with the bad ones at their given places."""
    texts = [bad.get(number, f"Paragraph {number}.") for number in range(total)]
    return "\n\n".join((f"# Execution Log: {title}", *texts, ""))


def texts(world: World, path: str = PATH) -> list[str]:
    """Return the text of all blocks of a log's page, in order."""
    return [block["text"] for block in flat(world.page(path)["blocks"])]


def attached(world: World, path: str = PATH) -> list[bytes]:
    """Return the contents of the files on a log's page."""
    names = [block["text"] for block in world.page(path)["blocks"] if block["type"] == "file"]
    uploads = world.notion.workspace.uploads.values()
    return [[each.content or b"" for each in uploads if each.filename == name][-1] for name in names]


class Wall(httpx.AsyncBaseTransport):
    """A firewall in front of Notion that refuses what a function tells it to.

    Args:
        inner: The transport behind it.
        refuses: Decides by the content type and the body of a request.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, refuses: Callable[[str, bytes], bool]) -> None:
        self._inner = inner
        self._refuses = refuses

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Refuse a request or pass it on."""
        if self._refuses(request.headers.get("content-type", ""), await request.aread()):
            answer = blocked()
            return httpx.Response(
                answer.status, headers=dict(answer.headers), content=answer.body, request=request
            )
        return await self._inner.handle_async_request(request)


def spares_files(content_type: str, body: bytes) -> bool:
    """Return whether to refuse a request: if it looks like an attack and is no file."""
    return not content_type.startswith("multipart/") and looks_like_an_attack(body)


def wall(world: World, refuses: Callable[[str, bytes], bool]) -> None:
    """Put a firewall between this ai-traces and its Notion."""
    world.wire.inner = Wall(world.wire.inner, refuses)

"""The built-in Notion as a process of its own, and its controls."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Remote:
    """A Notion behind a port."""

    url: str
    _http: httpx.AsyncClient = field(repr=False)

    async def ask(self, control: str) -> Any:  # noqa: ANN401 - JSON; who asks knows its shape
        """Return what a control shows."""
        return (await self._http.get(f"/_emulator/{control}")).raise_for_status().json()

    async def tell(self, control: str, given: object = None) -> Any:  # noqa: ANN401 - same
        """Set a control.

        Raises:
            httpx.HTTPStatusError: It was refused.
        """
        return (await self._http.post(f"/_emulator/{control}", json=given)).raise_for_status().json()

    async def can(self, action: str, **given: object) -> bool:
        """Let the human do something, and tell whether what it was to be done to was still there."""
        answer = await self._http.post(f"/_emulator/human/{action}", json=given)
        return answer.is_success


@asynccontextmanager
async def remote(*options: str) -> AsyncIterator[Remote]:
    """Run `python -m sync.notion.emulator` with these options until the context ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sync.notion.emulator", *options, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        url = json.loads(await asyncio.wait_for(process.stdout.readline(), _PATIENCE))["url"]
        async with httpx.AsyncClient(base_url=url, timeout=_PATIENCE, trust_env=False) as http:
            yield Remote(url, http)
    finally:
        process.terminate()
        await process.wait()

"""Begin a history, and remember what is expected of it."""

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from hypothesis.stateful import RuleBasedStateMachine

from sync.notion.gateway import Gateway
from tests.histories.material import OTHER
from tests.worlds.trees import flat
from tests.worlds.world import World

T = TypeVar("T")


@dataclass
class Jens:
    """What Jen has put on one page.

    Attributes:
        blocks: The texts of her own blocks, by id.
        comments: Her comments.
        values: The values of her own properties, by name.
        words: What she last wrote over our blocks, by id.
    """

    blocks: dict[str, str] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)


@dataclass
class Tally:
    """The number of histories and of their steps."""

    histories: int = 0
    steps: int = 0


class Start(RuleBasedStateMachine):
    """An ai-traces, its Notion, and what is expected of both so far."""

    def __init__(
        self,
        directories: Callable[[], Path],
        gateway: type[Gateway],
        tally: Tally,
    ) -> None:
        super().__init__()
        self.tally = tally
        self.tally.histories += 1
        self.tally.steps -= 1  # hypothesis looks once before the first step
        self.loop = asyncio.new_event_loop()
        self.directory = directories()
        self.world = self.run(_made(self.directory, gateway))
        self.alive = True
        self.texts: dict[str, list[str]] = {}
        self.earlier: dict[str, list[str]] = {}
        self.jens: dict[str, Jens] = {}
        self.trashed: dict[str, str] = {}
        self.unsure: set[str] = set()
        """Logs whose page may be in the trash: she had trashed it, and that may have gone unnoticed."""
        self.said: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
        """Every content that a path has had; its page may show any of them."""
        self.unwanted: set[tuple[str, ...]] = set()
        """The contents of logs whose page she trashed: a log with one of them may be that log renamed."""
        self.unseen: set[str] = set()
        """Logs that this state may never have seen as files: their pages may stay if they are deleted."""
        self.backup: bytes | None = None
        self.told: dict[str, str] = {}
        """The text of the property Patterns on the page of a log, if that is certain."""
        self.numbers = itertools.count()
        self.world.write(OTHER, "# Execution Log: OTHER\n")
        self.run(self.world.start())
        column = self.world.notion.workspace.databases[self.world.database].data_sources[0]
        self.world.notion.human.add_property(column, "Jen's", "rich_text")
        self.world.notion.human.add_property(column, "Patterns", "rich_text")  # as publishing does

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end."""
        return self.loop.run_until_complete(coroutine)

    def check_invariants(self, *arguments: Any) -> None:  # noqa: ANN401 - hypothesis' own
        """Count a step, as hypothesis calls this after each."""
        self.tally.steps += 1
        super().check_invariants(*arguments)

    def _put(self, path: str, text: list[str], *, seen: bool, replacing: bool = False) -> None:
        self.earlier[path] = self.texts.get(path, text)
        self.texts[path] = text
        self.said[path].add(tuple(text))
        self._doubt(path)
        write = self.world.replace if replacing else self.world.write
        write(path, "\n\n".join(["# Execution Log: T-1", *text]) + "\n")
        if seen and self.alive:
            self.world.event(path)

    def _doubt(self, path: str) -> None:
        if tuple(self.texts[path]) in self.unwanted and self._living_page(path) is None:
            self.unsure.add(path)

    def _untold(self, *paths: str) -> None:
        for path in paths:
            self.told.pop(path, None)

    def _ours(self, page: dict[str, Any]) -> list[dict[str, Any]]:
        """Return our blocks on a page that have a text, at any depth."""
        bot = self.world.notion.workspace.bot
        return [block for block in flat(page["blocks"]) if block["text"] and block["made_by"] == bot]

    def _living_page(self, path: str) -> dict[str, Any] | None:
        return next(iter(self.world.pages(path)), None)


async def _made(directory: Path, gateway: type[Gateway]) -> World:
    return World(directory, gateway=gateway)

"""What goes on around the daemon in a soak: a writer of logs, a human at the pages, mishaps on the way."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from remote import Remote
from sync.notion.emulator import FaultKind

MOST_LOGS = 200
_MOST_PIECES = 40

_HEAD = """\
# {kind}: soak-{number}

**Timestamp:** 2026-01-10T14:30:00Z
**ENV:** dev
**RISK:** low

"""


class Writer:
    """Makes, edits, appends to, renames and deletes logs. Every word it writes is there once.

    Args:
        root: The logs directory.
        chance: Decides what comes next.
    """

    def __init__(self, root: Path, chance: Random) -> None:
        self._root = root
        self._chance = chance
        self._words = 0
        self._made = 0
        self._logs: dict[Path, list[str]] = {}
        self._ways: Mapping[Callable[[], None], int] = {
            self._make: 3,
            self._edit: 8,
            self._append: 6,
            self._rename: 1,
            self._delete: 2,
        }

    def step(self) -> None:
        """Do one thing to one log."""
        (way,) = self._chance.choices(tuple(self._ways), tuple(self._ways.values()))
        if not self._logs or (way == self._delete and len(self._logs) < MOST_LOGS / 2):
            way = self._make
        if way == self._make and len(self._logs) >= MOST_LOGS:
            way = self._delete
        way()

    def _make(self) -> None:
        self._made += 1
        kind = self._chance.choice(("Execution Log", "Exception"))
        pieces = [_HEAD.format(kind=kind, number=self._made)]
        pieces.extend(self._piece() for _ in range(self._chance.choice((3, 6, 12, 30))))
        place = self._place()
        self._logs[place] = pieces
        self._save(place)

    def _edit(self) -> None:
        place = self._any()
        pieces = self._logs[place]
        where = self._chance.randrange(1, len(pieces))
        match self._chance.randrange(4):
            case 0 if len(pieces) > 2:
                del pieces[where]
            case 1:
                pieces.insert(where, self._piece())
            case 2 if len(pieces) > _MOST_PIECES:
                del pieces[_MOST_PIECES // 2 :]
            case _:
                pieces[where] = self._piece()
        self._save(place)

    def _append(self) -> None:
        place = self._any()
        self._logs[place].append(self._piece())
        with place.open("a", encoding="utf-8") as file:
            file.write(self._logs[place][-1])

    def _rename(self) -> None:
        old, new = self._any(), self._place()
        self._logs[new] = self._logs.pop(old)
        old.rename(new)

    def _delete(self) -> None:
        place = self._any()
        del self._logs[place]
        place.unlink()

    def _save(self, place: Path) -> None:
        text = "".join(self._logs[place])
        if self._chance.random() < 0.5:
            place.write_text(text, encoding="utf-8")
            return
        draft = place.with_name(f".{place.name}.new")
        draft.write_text(text, encoding="utf-8")
        draft.replace(place)

    def _any(self) -> Path:
        return self._chance.choice(tuple(self._logs))

    def _place(self) -> Path:
        self._words += 1
        directory = self._root / self._chance.choice((".", "exceptions", "deep/er"))
        directory.mkdir(parents=True, exist_ok=True)
        return directory / f"2026-01-10-soak-{self._words}.md"

    def _piece(self) -> str:
        say = self._say
        match self._chance.randrange(6):
            case 0:
                return f"## {say(2)}\n\n{say(9)}\n\n"
            case 1:
                return f"- {say(3)}\n  - {say(3)}\n    - {say(2)}\n- {say(4)}\n\n"
            case 2:
                rows = "".join(f"| {say(1)} | {say(2)} |\n" for _ in range(3))
                return f"| {say(1)} | {say(1)} |\n|---|---|\n{rows}\n"
            case 3:
                return f"```text\n{say(5)}\n{say(5)}\n```\n\n"
            case _:
                return f"{say(self._chance.randrange(5, 60))}\n\n"

    def _say(self, count: int) -> str:
        self._words += count
        return " ".join(f"w{number}w" for number in range(self._words - count, self._words))


@dataclass(slots=True)
class Human:
    """Somebody at the pages.

    Attributes:
        bot: The user whose blocks she changes; her own she leaves as they are.
        said: What she wrote that is to stay for ever, by the id of its page: texts of comments and blocks.
        touched: The pages that she has been at.
    """

    notion: Remote
    bot: str
    chance: Random
    said: dict[str, list[str]] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)

    async def step(self) -> None:
        """Do a few things to some of the pages that are there."""
        pages = [page for page in await self.notion.ask("dump") if not page["in_trash"]]
        for page in self.chance.sample(pages, min(len(pages), 6)):
            await self._be_at(page)

    async def _be_at(self, page: Mapping[str, Any]) -> None:
        page_id, chance = page["id"], self.chance
        block = chance.choice([*(each for each in page["blocks"] if each["made_by"] == self.bot), None])
        words = f"jen-{chance.getrandbits(48):x}"
        self.touched.add(page_id)
        match chance.randrange(7):
            case 0 | 1 if block:
                await self.notion.can("edit_block", block_id=block["id"], text=words)
            case 2 if block:
                await self.notion.can("delete_block", block_id=block["id"])
            case 3:
                await self.notion.can("trash_page", page_id=page_id)
            case 4:
                where = block["id"] if block else page_id
                if await self.notion.can("comment", parent_id=where, text=words):
                    self.said.setdefault(page_id, []).append(words)
            case _:
                where = {"after": block["id"]} if block else {}
                if await self.notion.can("add_block", parent_id=page_id, text=words, **where):
                    self.said.setdefault(page_id, []).append(words)


_BATCH = 1_000
_SHARE = 0.01
_KINDS = tuple(kind for kind in FaultKind if kind is not FaultKind.SIGNAL)
_ACCESS_EVERY = 10
"""Batches between two losses of access: each stops the daemon for up to half a minute, as it should."""


@dataclass(slots=True)
class Mishaps:
    """One request in a hundred goes wrong, each kind as often as any other.

    Attributes:
        requests: How many there were.
        struck: How often each kind struck.
    """

    notion: Remote
    chance: Random
    requests: int = 0
    struck: dict[str, int] = field(default_factory=dict)
    _batches: int = 0

    async def begin(self) -> None:
        """Let things go wrong from now on."""
        await self.notion.tell("faults/clear")
        await self.notion.tell("faults", list(self._script()))
        self._batches += 1

    async def go_on(self) -> None:
        """Count what has happened, and prepare the next mishaps when these are used up."""
        journal = await self.notion.ask("journal")
        if len(journal["entries"]) >= _BATCH:
            await self.notion.tell("journal/clear")
            self._count(journal["entries"])
            await self.begin()

    async def end(self) -> None:
        """Let nothing go wrong any more."""
        await self.notion.tell("faults/clear")
        await self.notion.tell("settle")
        self._count((await self.notion.ask("journal"))["entries"])
        await self.notion.tell("journal/clear")

    def _count(self, entries: list[Mapping[str, Any]]) -> None:
        self.requests += len(entries)
        for entry in entries:
            if kind := entry["fault"]:
                self.struck[kind] = self.struck.get(kind, 0) + 1

    def _script(self) -> Iterator[Mapping[str, object]]:
        chance = self.chance
        kinds = [kind for kind in _KINDS if kind is not FaultKind.ACCESS]
        for number in range(int(_BATCH * _SHARE)):
            lost = number == 0 and self._batches % _ACCESS_EVERY == 1
            yield {
                "kind": FaultKind.ACCESS if lost else chance.choice(kinds),
                "nth": chance.randrange(1, _BATCH),
                "seconds": chance.choice((1, 2)),
                "status": chance.choice((401, 403, 404)),
                "blocks": chance.randrange(4),
            }

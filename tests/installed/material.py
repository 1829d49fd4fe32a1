"""Make logs of numbered words, and find these words again on the pages."""

import random
import re
from collections.abc import Callable, Iterator

from tests.installed.served_notion import Json


class Words:
    """Make text in which no word occurs twice, so that lost, doubled and moved words are noticed."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._n = 0

    def __call__(self, count: int = 6) -> str:
        """Return the next words."""
        first = self._n
        self._n += count
        return " ".join(f"{self._name}w{n}w" for n in range(first, self._n))


def words_of(text: str) -> list[str]:
    """Return the words in a text that `Words` made, in order."""
    return re.findall(r"[a-z0-9]+w\d+w", text)


def text_of(page: Json) -> str:
    """Return all text of the body of a page."""

    def lines(blocks: list[Json]) -> Iterator[str]:
        for block in blocks:
            yield block["text"]
            yield from lines(block["children"])

    return "\n".join(lines(page["blocks"]))


def execution(name: str, *body: str) -> str:
    """Return an execution log with `body` as its task section."""
    return "\n".join((
        f"# Execution Log: {name}\n",
        "**Timestamp:** 2026-01-10T14:30:00Z",
        "**ENV:** dev",
        "**RISK:** low",
        "**STATE Transition:** PLAN → DRAFT\n",
        "## Task",
        *body,
        "\n## Tools Used\n- Read: one file\n- Bash: the tests pass\n",
        "## Outcome\nSuccess\n\n## Issues\nNone\n\n## Contract Gaps\nNone\n",
    ))  # fmt: skip


def exception(name: str, *body: str) -> str:
    """Return an exception log with `body` as its first section."""
    return "\n".join((
        f"# Exception: {name}\n",
        "**Timestamp:** 2026-01-10T14:30:00Z",
        "**Severity:** error",
        "**ENV:** prod\n",
        "## What Happened",
        *body,
        "\n## Root Cause\nA guess\n\n## Contract Reference\n§ 4.2\n\n## Proposed Fix\nAsk first\n",
        "## Workaround Used\nBy hand\n",
    ))  # fmt: skip


def deep_list(words: Words, *, depth: int, width: int = 2) -> str:
    """Return a markdown list of so many levels."""

    def below(level: int) -> Iterator[str]:
        for _ in range(width):
            yield f"{'  ' * level}- {words(3)}"
            if level + 1 < depth:
                yield from below(level + 1)

    return "\n".join(below(0)) + "\n"


def table(words: Words, *, rows: int) -> str:
    """Return a markdown table of three columns."""
    head = "| a | b | c |\n|---|---|---|"
    return "\n".join((head, *(f"| {words(1)} | {words(2)} | {words(1)} |" for _ in range(rows)))) + "\n"


def hard_logs() -> dict[str, bytes]:
    """Return logs by path that are large, deep, faulty or hostile."""
    found: dict[str, str | bytes] = {}

    def put(path: str, make: Callable[[Words], str | bytes]) -> None:
        found[path] = make(Words(f"x{len(found)}"))

    put("large/paragraphs.md", lambda w: execution("P", *(f"{w(20)}\n" for _ in range(260))))
    put("large/items.md", lambda w: execution("I", *(f"{n}. {w(4)}" for n in range(1, 180))))
    put("large/table.md", lambda w: execution("T", table(w, rows=150)))
    put(
        "large/lists.md", lambda w: exception("L", deep_list(w, depth=6), w(), deep_list(w, depth=3, width=5))
    )
    put("large/code.md", lambda w: execution("C", "```python", *(f"x = '{w(6)}'" for _ in range(200)), "```"))
    put("large/line.md", lambda w: execution("N", w(2_000)))
    put("large/quote.md", lambda w: exception("Q", *(f"> {w(9)}\n>" for _ in range(60))))
    put("faulty/no-heading.md", lambda w: w(40))
    put("faulty/empty.md", lambda _: "")
    put("faulty/blank.md", lambda _: "\n \n\t\n")
    put("faulty/only-heading.md", lambda _: "# Execution Log: ALONE")
    put("faulty/values.md", lambda w: f"# Exception: V\n\n**Timestamp:** soon\n**Severity:** huge\n\n{w()}\n")
    put("faulty/open-fence.md", lambda w: execution("F", "```", w(), "~~~", w()))
    put("faulty/other-headings.md", lambda w: f"# Notes\n\n## A\n{w()}\n\n#### B\n{w()}\n\n# C\n{w()}\n")
    put(
        "hostile/bom-crlf.md",
        lambda w: b"\xef\xbb\xbf" + execution("B", w(), w()).replace("\n", "\r\n").encode(),
    )
    put(
        "hostile/not-utf-8.md", lambda w: execution("U", w()).encode() + b"\xff\xfe \xc3\x28\n" + w().encode()
    )
    put("hostile/nul.md", lambda w: execution("0", f"{w(2)}\0{w(2)}\x01\x1b[31m{w(2)}\x7f", w()))
    put("hostile/utf-16.md", lambda w: execution("16", w()).encode("utf-16"))
    put(
        "hostile/marks.md",
        lambda w: execution("M", f"@jen <script>{w()}</script> [a](javascript:1) ![]() {w()}"),
    )
    put(
        "hostile/links.md",
        lambda w: execution("K", f"[{w(2)}](http://a b) <http://[::1> https://ex.org/{'é' * 3000}"),
    )
    put("hostile/emoji.md", lambda w: execution("E", "👩\u200d👩\u200d👧\u200d👦" * 700, w(), "\u202e" + w()))
    put(
        "hostile/equation.md",
        lambda w: execution("Q", f"$$\n{w(1)} \\frac\n$$ and ${w(1)}$", "---", "***", "___"),
    )
    put("hostile/näme \U0001f600 'x' \"y\" %41.md", lambda w: execution("Name", w()))
    put("UPPER.MD", lambda w: execution("Upper", w()))
    return {path: text.encode() if isinstance(text, str) else text for path, text in found.items()}


def small_logs(count: int, *, seed: int = 1) -> dict[str, bytes]:
    """Return so many logs by path, of both kinds, each small enough for a single create."""
    chance = random.Random(seed)  # noqa: S311 - the same logs each time
    found = {}
    for n in range(count):
        words = Words(f"s{n}")
        body = [f"{words(chance.randint(3, 30))}\n" for _ in range(chance.randint(1, 5))]
        body.append(f"- {words(3)}\n- {words(3)}\n  - {words(2)}\n")
        if n % 3:
            found[f"2026-01-{n % 28 + 1:02}-task-{n}.md"] = execution(f"TASK-{n}", *body).encode()
        else:
            found[f"exceptions/2026-01-{n % 28 + 1:02}-fault-{n}.md"] = exception(
                f"FAULT-{n}", *body
            ).encode()
    return found


class Material:
    """The logs of a test, made of words that can be found again on their pages."""

    words = Words
    words_of = staticmethod(words_of)
    text_of = staticmethod(text_of)
    execution = staticmethod(execution)
    exception = staticmethod(exception)
    deep_list = staticmethod(deep_list)
    table = staticmethod(table)
    hard_logs = staticmethod(hard_logs)
    small_logs = staticmethod(small_logs)

    def holds(self, page: Json, content: bytes) -> bool:
        """Tell whether a page has every word of a log exactly once and in order."""
        return words_of(text_of(page)) == words_of(content.decode("utf-8", "replace"))

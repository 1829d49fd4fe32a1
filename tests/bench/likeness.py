"""Whether the pages say what the logs say: words are counted here, not blocks compared by our own code."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from figures import Bar, Figure

_WORD = re.compile(r"w\d+w")


def compared(
    logs: Path,
    pages: Sequence[Mapping[str, Any]],
    *,
    touched: Collection[str],
    said: Mapping[str, Sequence[str]],
) -> Iterator[Figure]:
    """Count the logs and pages that have not their like.

    Args:
        logs: The logs directory.
        pages: What the built-in Notion dumps.
        touched: The ids of the pages that a person has been at.
        said: What she wrote that is to stay, by the id of its page.
    """
    files = {file.relative_to(logs).as_posix(): file for file in logs.rglob("*.md")}
    shown: dict[str, list[Mapping[str, Any]]] = {}
    for page in pages:
        if not page["in_trash"]:
            shown.setdefault(page["properties"]["Log Path"], []).append(page)
    wrong = sum(
        not _says(page, files[path], strictly=page["id"] not in touched)
        for path, alike in shown.items()
        for page in alike
        if path in files
    )
    yield Figure("logs without a page", len(files.keys() - shown.keys()), "logs", Bar(0))
    yield Figure("pages without a log", len(shown.keys() - files.keys()), "pages", Bar(0))
    yield Figure("logs with two pages", sum(len(alike) > 1 for alike in shown.values()), "logs", Bar(0))
    yield Figure("pages that do not say what the log says", wrong, "pages", Bar(0))
    lost = sum(words not in _text(page) for page in pages for words in said.get(page["id"], ()))
    yield Figure("comments and blocks of hers that are lost", lost, "", Bar(0))


def _says(page: Mapping[str, Any], file: Path, *, strictly: bool) -> bool:
    """Tell whether a page has every word of its log in order, strictly: and no other."""
    wanted = _WORD.findall(file.read_text(encoding="utf-8"))
    there = _WORD.findall("\n".join(_lines(page["blocks"])))
    if strictly:
        return wanted == there
    rest = iter(there)
    return all(word in rest for word in wanted)


def _text(page: Mapping[str, Any]) -> str:
    return "\n".join((*_lines(page["blocks"]), *page["comments"]))


def _lines(blocks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for block in blocks:
        yield block["text"]
        yield from _lines(block["children"])

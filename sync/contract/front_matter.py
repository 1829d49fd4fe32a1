"""Read the front matter of a contract, which may give its sections other names."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

_OPENING: Final = "---"
_CLOSING: Final = frozenset(("---", "..."))
_KEY = re.compile(r"""(?P<indent> *)(?P<quote>["']?)(?P<name>.+?)(?P=quote) *:(?: +(?P<value>.*))?$""")
_ITEM = re.compile(r" *- +(?P<value>.+)$")


def length(lines: Sequence[str]) -> int:
    """Return the number of lines of the front matter, including its fences; 0 if there is none."""
    if not lines or lines[0].rstrip() != _OPENING:
        return 0
    return next((index + 1 for index, line in enumerate(lines[1:], 1) if line.rstrip() in _CLOSING), 0)


def aliases(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each heading with each of its other names.

    They are listed below `aliases:`, for each heading as `Logging: [logs, traces]` or with one name a line.
    """
    inside, heading = False, ""
    for line in lines[1 : max(1, length(lines) - 1)]:
        item, key = _ITEM.match(line), _KEY.match(line)
        if inside and heading and item is not None:
            yield heading, _unquoted(item["value"])
        elif key is None:
            continue
        elif not key["indent"]:
            inside, heading = key["name"] == "aliases", ""
        elif inside:
            heading = key["name"]
            yield from ((heading, name) for name in _listed(key["value"] or ""))


def _listed(value: str) -> Iterator[str]:
    inner = value.strip().removeprefix("[").removesuffix("]")
    yield from filter(None, (_unquoted(name) for name in inner.split(",")))


def _unquoted(value: str) -> str:
    return value.strip().strip("\"'").strip()

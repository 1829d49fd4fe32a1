"""What happens to some logs around a backfill that is killed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tests.installed.material import Material

Logs: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Story:
    """What happens to some logs.

    Attributes:
        first: The logs whose pages are there already, by path; empty: not even our properties are.
        then: The logs as they are when the backfill runs that is killed.
        between: What the logs were once in between, so that the ids of their blocks are known.
        stateless: The state directory is lost.
        stride: Of the kills during a recovery every so many-th is played, others after each first kill.
    """

    first: Logs
    then: Logs
    between: Logs | None = None
    stateless: bool = False
    stride: int = 1


def _create(material: Material) -> Story:
    words = material.words("c")
    return Story(
        {}, {"a.md": material.execution("A", words(), words()), "b.md": material.exception("B", words())}
    )


def _large_create(material: Material) -> Story:
    words = material.words("l")
    paragraphs = [f"{words(4)}\n" for _ in range(200)]
    deep = material.deep_list(words, depth=4, width=3)
    body = (*paragraphs, deep, material.table(words, rows=110), words())
    return Story({}, {"large.md": material.execution("LARGE", *body)}, stride=31)


def _update(material: Material) -> Story:
    words = material.words("u")
    lines = [f"{words()}\n" for _ in range(9)]
    item = f"{words()}\n\n- {words()}\n"
    changed = [*lines[:2], f"{words()}\n", *lines[3:6], item, *lines[7:], f"{words()}\n"]
    other = material.exception("B", words())
    return Story(
        {"a.md": material.execution("A", *lines), "b.md": other},
        {"a.md": material.execution("A", *changed), "b.md": other},
        stride=5,
    )


def _second_update(material: Material) -> Story:
    words = material.words("v")
    items = [f"- {words(3)}" for _ in range(40)]
    table = material.table(words, rows=6)
    changed = [*items[:5], *items[9:20], f"  - {words(2)}", *items[20:]]
    first = material.execution("A", *items, "\n", table)
    return Story(
        {"deep/a.md": first},
        {"deep/a.md": material.execution("A", *changed, "\n", table.replace("v1", "z1"))},
        between={"deep/a.md": f"{first}\n{words()}\n"},
        stride=23,
    )


def _rename(material: Material) -> Story:
    words = material.words("r")
    log, other = material.execution("A", words(), words()), material.exception("B", words())
    return Story({"old.md": log, "b.md": other}, {"exceptions/new.md": log, "b.md": other})


def _delete(material: Material) -> Story:
    words = material.words("d")
    log, other = material.execution("A", words(), words()), material.exception("B", words())
    return Story({"a.md": log, "b.md": other}, {"b.md": other})


def _adopt(material: Material) -> Story:
    words = material.words("o")
    logs = {f"{name}.md": material.execution(name, words(), words()) for name in "abc"}
    stale = material.execution("a", words(), words(), words())
    return Story(logs, {**logs, "a.md": stale}, stateless=True, stride=5)


def _firewall(material: Material) -> Story:
    words = material.words("f")
    lines = [f"{words()}\n" for _ in range(5)]
    changed = [*lines[:2], f"{words()}\n", "cat /etc/hosts\n", *lines[2:]]
    made = [f"{words()}\n", f"- {words()}\n- cat /etc/passwd\n", f"{words()}\n"]
    return Story(
        {"a.md": material.execution("A", *lines)},
        {"a.md": material.execution("A", *changed), "b.md": material.exception("B", *made)},
        stride=29,
    )


STORIES: Mapping[str, Callable[[Material], Story]] = {
    "create": _create,
    "large-create": _large_create,
    "update": _update,
    "second-update": _second_update,
    "rename": _rename,
    "delete": _delete,
    "adopt": _adopt,
    "firewall": _firewall,
}

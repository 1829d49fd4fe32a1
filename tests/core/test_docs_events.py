"""The documentation of the daemon's log."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "events.md"
LEVELS = {"debug", "info", "warning", "error"}


def _calls() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield name, level and keys of every event that the code writes."""
    for package in ("daemon", "sync"):
        for file in sorted((ROOT / package).rglob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                match node:
                    case ast.Call(
                        func=ast.Attribute(value=target, attr=level),
                        args=[ast.Constant(value=str(name)), *_],
                        keywords=keywords,
                    ) if level in LEVELS and _is_log(target):
                        yield name, level, frozenset(each.arg or "" for each in keywords)
                    case _:
                        pass


def _is_log(target: ast.expr) -> bool:
    match target:
        case ast.Name(id="log"):
            return True
        case ast.Call(func=ast.Attribute(attr="get_logger")):
            return True
        case _:
            return False


def test_every_event_is_documented_with_its_level() -> None:
    """The table holds exactly the events that the code writes, by name and level, in order."""
    rows = re.findall(r"^\| `([a-z_.]+)` \| ([a-z]+) \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == sorted({(name, level) for name, level, _ in _calls()})


def test_every_key_is_documented() -> None:
    """Each key that the code gives an event stands in the document, in code style."""
    words = set(re.findall(r"`([a-z_]+)`", DOCUMENT.read_text(encoding="utf-8")))
    used = {key for _, _, keys in _calls() for key in keys if key and key != "exc_info"}
    assert used <= words, used - words

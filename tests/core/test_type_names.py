"""One word for one thing: whoever looks for the name of a type finds one type."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def types_in(source: str) -> Iterator[str]:
    """Yield the names of the public types that a module defines: classes, aliases and new types."""
    for statement in ast.parse(source).body:
        match statement:
            case ast.ClassDef(name=name):
                pass
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                if name.isupper() or not name[:1].isupper():
                    continue
            case _:
                continue
        if not name.startswith("_"):
            yield name


def test_no_two_types_bear_one_name() -> None:
    """A public type has a name of its own, whichever package it is in."""
    homes: defaultdict[str, list[str]] = defaultdict(list)
    for package in ("sync", "daemon"):
        for module in sorted((ROOT / package).rglob("*.py")):
            for name in types_in(module.read_text(encoding="utf-8")):
                homes[name].append(str(module.relative_to(ROOT)))
    assert homes["TraceLog"] == ["sync/tracelog/model.py"]
    assert {name: modules for name, modules in homes.items() if len(modules) > 1} == {}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("class Log: ...", ["Log"]),
        ("class _Log: ...", []),
        ("Log: TypeAlias = int | str", ["Log"]),
        ("Log = int | str", ["Log"]),
        ("Path = NewType('Path', str)", ["Path"]),
        ("T = TypeVar('T')\nLIMIT: Final = 3\nlog = 1", []),
    ],
)
def test_types_are_known_by_their_definition(source: str, names: list[str]) -> None:
    """What defines a public type counts; constants, variables and type variables do not."""
    assert list(types_in(source)) == names

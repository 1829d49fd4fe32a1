"""Killed at any request, and started again: one page for each log, whole, and never a word twice."""

import json
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sync.notion.emulator import Emulator, Fault, FaultKind
from sync.notion.emulator.snapshot import restore, snapshot

if TYPE_CHECKING:
    from tests.e2e.conftest import Material, Notion, Product, Stage

SPARE = 12
"""Requests that a recovery may cost besides reading the pages back and an undisturbed run."""

SHARES = 3
"""Into how many tests the kill points of one story are split, so that they run side by side."""


@dataclass(frozen=True, slots=True)
class Story:
    """What the logs are before the kill, and what they become.

    Attributes:
        first: The logs whose pages are there already, by path; empty: not even our properties are.
        then: The logs as they are when the backfill runs that is killed.
    """

    first: Mapping[str, str]
    then: Mapping[str, str]


def _create(material: "Material") -> Story:
    words = material.words("c")
    return Story(
        {}, {"a.md": material.execution("A", words(), words()), "b.md": material.exception("B", words())}
    )


def _update(material: "Material") -> Story:
    words = material.words("u")
    lines = [f"{words()}\n" for _ in range(9)]
    changed = [
        *lines[:2],
        f"{words()}\n",
        *lines[3:6],
        f"{words()}\n\n- {words()}\n",
        *lines[7:],
        f"{words()}\n",
    ]
    return Story(
        {"a.md": material.execution("A", *lines), "b.md": material.exception("B", words())},
        {"a.md": material.execution("A", *changed), "b.md": material.exception("B", words())},
    )


def _second_update(material: "Material") -> Story:
    words = material.words("v")
    items = [f"- {words(3)}" for _ in range(40)]
    table = material.table(words, rows=6)
    changed = [*items[:5], *items[9:20], f"  - {words(2)}", *items[20:]]
    return Story(
        {"deep/a.md": material.execution("A", *items, "\n", table)},
        {"deep/a.md": material.execution("A", *changed, "\n", table.replace("v1", "z1"))},
    )


def _large_create(material: "Material") -> Story:
    words = material.words("l")
    paragraphs = [f"{words(4)}\n" for _ in range(200)]
    body = (
        *paragraphs,
        material.deep_list(words, depth=4, width=3),
        material.table(words, rows=110),
        words(),
    )
    return Story({}, {"large.md": material.execution("LARGE", *body)})


STORIES = {
    "create": _create,
    "update": _update,
    "second-update": _second_update,
    "large-create": _large_create,
}


@dataclass(frozen=True, slots=True)
class Scene:
    """A story on the stage: the workspace and state before the kill, and an undisturbed run to compare with.

    Attributes:
        workspace: The emulator's snapshot before, as JSON.
        state: The state directory before; it need not exist.
        requests: Of the undisturbed run.
        outcome: The pages that it left.
    """

    story: Story
    workspace: str
    state: Path
    requests: int
    outcome: Mapping[str, Any]


def _shape(page: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return what a person sees of a page: no ids, no times, no authors."""
    if isinstance(page, list):
        return [_shape(each) for each in page]
    if isinstance(page, dict):
        hidden = {"id", "created_time", "made_by", "edited_by"}
        return {name: _shape(value) for name, value in page.items() if name not in hidden}
    return page


def _readings(blocks: Sequence[Any]) -> int:
    """Return how many requests it takes to read blocks and all below them back, a hundred at a time."""
    below = (_readings(block["children"]) for block in blocks if block["children"])
    return 1 + len(blocks) // 100 + sum(below)


def _write(product: "Product", logs: Mapping[str, str]) -> None:
    for path, text in logs.items():
        product.write(path, text)


def _prepared(stage: "Stage", material: "Material", home: Path, name: str) -> Scene:
    story = STORIES[name](material)
    emulator = Emulator()
    emulator.create_database()
    with stage(home, emulator) as (product, notion):
        if story.first:
            _write(product, story.first)
            assert product.call("backfill").code == 0
            if name == "second-update":
                # Once changed, the ids of its blocks are known: the next change is planned without reading.
                _write(product, {path: f"{text}\n{name}\n" for path, text in story.first.items()})
                assert product.call("backfill").code == 0
        workspace = json.dumps(notion.ask(lambda emulator: snapshot(emulator.workspace)))
        state = home / "before"
        if product.state.exists():
            shutil.copytree(product.state, state)
        notion.forget_requests()
        _write(product, story.then)
        assert product.call("backfill").code == 0
        return Scene(story, workspace, state, len(notion.journal()), notion.pages())


def _survives(
    stage: "Stage",
    material: "Material",
    home: Path,
    scene: Scene,
    fault: Fault,
) -> bool:
    """Play a scene with a kill and a restart; return whether the kill struck."""
    emulator = Emulator()
    emulator.create_database()
    restore(emulator.workspace, json.loads(scene.workspace))
    with stage(home, emulator) as (product, notion):
        if scene.state.exists():
            shutil.copytree(scene.state, product.state)
        _write(product, scene.story.then)
        pid_file = home / "pid"
        notion.suffers(_aimed(fault, pid_file))
        running = product.start("backfill")
        pid_file.write_text(str(running.process.pid), encoding="ascii")
        if running.ended().code == 0:
            return False
        _comes_to_rest(product, notion, material, scene)
    shutil.rmtree(home)
    return True


def _aimed(fault: Fault, pid_file: Path) -> Fault:
    return Fault(
        kind=FaultKind.SIGNAL,
        method=fault.method,
        path=fault.path,
        nth=fault.nth,
        when=fault.when,
        pid_file=str(pid_file),
    )


def _comes_to_rest(product: "Product", notion: "Notion", material: "Material", scene: Scene) -> None:
    assert product.call("backfill").code == 0
    pages = notion.pages()
    assert {path: _shape(page) for path, page in pages.items()} == _shape(scene.outcome)
    assert all(material.holds(pages[path], text.encode()) for path, text in scene.story.then.items())
    readings = sum(_readings(page["blocks"]) for page in scene.outcome.values())
    assert len(notion.journal()) <= 2 * scene.requests + readings + SPARE
    notion.forget_requests()
    assert product.call("backfill").code == 0
    assert notion.writes() == []


@pytest.fixture(scope="module")
def scenes(
    stage: "Stage",
    material: "Material",
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str], Scene]:
    """Give a function that prepares a scene, once each."""

    @cache
    def prepared(name: str) -> Scene:
        return _prepared(stage, material, tmp_path_factory.mktemp(name), name)

    return prepared


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("name", STORIES)
def test_killed_at_any_request(  # noqa: PLR0913, PLR0917 - three parameters, three fixtures
    tmp_path: Path,
    stage: "Stage",
    material: "Material",
    scenes: Callable[[str], Scene],
    name: str,
    when: str,
    share: int,
) -> None:
    """Whichever request the kill strikes, before or after Notion carries it out, the next run mends it."""
    scene = scenes(name)
    for nth in count(1 + share, SHARES):
        fault = Fault(kind=FaultKind.SIGNAL, nth=nth, when=when)
        if not _survives(stage, material, tmp_path / str(nth), scene, fault):
            assert nth > scene.requests
            return


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("name", "method", "path"),
    [
        ("create", "POST", "/v1/pages$"),
        ("update", "PATCH", "/v1/blocks/[^/]+$"),
        ("update", "PATCH", "/children$"),
        ("update", "PATCH", "/v1/pages/"),
        ("second-update", "DELETE", "/v1/blocks/"),
        ("large-create", "POST", "/v1/pages$"),
        ("large-create", "PATCH", "/children$"),
    ],
    ids=lambda given: re.sub(r"\W+", "", given),
)
def test_killed_at_a_write(  # noqa: PLR0913, PLR0917 - four parameters, three fixtures
    tmp_path: Path,
    stage: "Stage",
    material: "Material",
    scenes: Callable[[str], Scene],
    name: str,
    method: str,
    path: str,
    when: str,
) -> None:
    """A sample of the above: the kill strikes one write of each kind."""
    scene = scenes(name)
    fault = Fault(kind=FaultKind.SIGNAL, method=method, path=path, when=when)
    assert _survives(stage, material, tmp_path / "played", scene, fault)

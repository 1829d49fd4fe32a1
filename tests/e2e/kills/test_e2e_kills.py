"""Killed at any request or commit, and killed again while it recovers: one page a log, whole, Jen's kept."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from sync.notion.emulator import Emulator
from tests.e2e.kills.stories import STORIES, Logs, Story
from tests.installed.material import Material

if TYPE_CHECKING:
    from tests.conftest import Proved
    from tests.e2e.kills.conftest import Durable, Kill, Theatre, Theatres

SPARE = 12
"""Requests that a recovery may cost besides reading the pages back and two undisturbed runs."""

SHARES = 4
"""Into how many tests the kill points of one story are split, so that they run side by side."""

QUICK = ("create", "update", "rename", "delete", "adopt")
"""The stories that a sample takes seconds of."""

STRIDE = 9
"""Of the kill points of a story every so many-th is in the sample."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A story on the stage.

    Attributes:
        before: All that there is when the backfill starts that is killed.
        requests: Of an undisturbed run.
        outcome: The pages that an undisturbed run leaves, those in the trash included.
        hers: The id of Jen's block by the page that it stands on.
    """

    story: Story
    theatre: "Theatre"
    before: "Durable"
    requests: int
    outcome: Mapping[str, Any]
    hers: Mapping[str, str]


def _prepared(theatre: "Theatre", material: Material, story: Story) -> Scene:
    hers: Mapping[str, str] = {}
    if story.first:
        _put(theatre, story.first)
        theatre.run()
        hers = theatre.notion.ask(_jen)
        if story.between:
            _put(theatre, story.between)
            theatre.run()
        if story.stateless:
            theatre.lose_state()
    _put(theatre, story.then)
    before = theatre.remember()
    theatre.notion.forget_requests()
    theatre.run()
    scene = Scene(story, theatre, before, len(theatre.notion.journal()), theatre.notion.pages(), hers)
    _check(scene, material)
    return scene


def _jen(emulator: Emulator) -> Mapping[str, str]:
    """Let Jen leave a comment, a block and a value of her own on every page; return the blocks by page."""
    (source,) = emulator.workspace.data_sources
    human, hers = emulator.human, {}
    human.add_property(source, "Jen's", "rich_text")
    for page in emulator.dump():
        human.comment(page["id"], "Jen's comment")
        human.set_property(page["id"], "Jen's", {"rich_text": [{"text": {"content": "Jen's value"}}]})
        hers[page["id"]] = human.add_block(page["id"], "Jen's block", after=page["blocks"][2]["id"])
    return hers


def _put(theatre: "Theatre", logs: Logs) -> None:
    """Make the logs directory hold just these logs; a log that has another name is renamed."""
    files = theatre.files()
    for path in files.keys() - logs.keys():
        file = theatre.product.logs / path
        heir = next((new for new, text in logs.items() if text == files[path] and new not in files), None)
        if heir is None:
            file.unlink()
        else:
            (theatre.product.logs / heir).parent.mkdir(exist_ok=True)
            file.rename(theatre.product.logs / heir)
            files[heir] = files[path]
    for path, text in logs.items():
        if files.get(path) != text:
            theatre.product.write(path, text)


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


def _check(scene: Scene, material: Material) -> None:
    """Assert that all is as after an undisturbed run, Jen's things too, and that nothing is left to do."""
    notion = scene.theatre.notion
    pages = notion.pages()
    assert {path: _shape(page) for path, page in pages.items()} == _shape(scene.outcome)
    assert all(material.holds(pages[path], text.encode()) for path, text in scene.story.then.items())
    assert len(pages) == len(scene.outcome)
    touched = [page for page in pages.values() if page["id"] in scene.hers]
    for page in touched:
        assert page["comments"] == ["Jen's comment"]
        assert page["properties"]["Jen's"] == "Jen's value"
        assert scene.hers[page["id"]] in {block["id"] for block in page["blocks"]}
    assert len(touched) == len(scene.hers)
    readings = sum(_readings(page["blocks"]) for page in scene.outcome.values())
    assert len(notion.journal()) <= 2 * scene.requests + readings + SPARE
    notion.forget_requests()
    scene.theatre.run()
    assert notion.writes() == []


def _strikes(scene: Scene, before: "Durable") -> Callable[["Kill"], bool]:
    """Return what plays the scene from a point in it up to a kill."""

    def strikes(kill: "Kill") -> bool:
        scene.theatre.put_back(before)
        return scene.theatre.killed(kill)

    return strikes


def _recovers(scene: Scene, material: Material) -> None:
    scene.theatre.notion.forget_requests()
    scene.theatre.run()
    _check(scene, material)


@pytest.fixture(scope="module")
def scenes(theatre: "Theatres", material: Material) -> Callable[[str], Scene]:
    """Give a function that prepares a scene, once each."""

    @cache
    def prepared(name: str) -> Scene:
        return _prepared(theatre(name), material, STORIES[name](material))

    return prepared


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("name", STORIES)
def test_killed_anywhere_and_once_more(
    scenes: Callable[[str], Scene],
    material: Material,
    kills: Callable[..., Iterator["Kill"]],
    proved: "Proved",
    name: str,
    share: int,
) -> None:
    """Whatever request or commit the kills strike, before or after it is carried out, the next run mends it.

    What is there before a step is what was there after the step before: pairs need kills after steps alone.
    """
    scene = scenes(name)
    sent, stride = scene.theatre.sent, scene.story.stride
    once = twice = 0
    for kill in kills(_strikes(scene, scene.before), first=1 + share, step=SHARES):
        once += 1
        cut_short = scene.theatre.remember()
        _recovers(scene, material)
        if kill.when == "after":
            again = _strikes(scene, cut_short)
            for _ in kills(again, whens=("after",), first=1 + once % stride, step=stride):
                twice += 1
                _recovers(scene, material)
    proved(f"killed: {name}", once=once, twice=twice, requests=scene.theatre.sent - sent)
    assert once


@pytest.mark.parametrize("name", QUICK)
def test_killed_here_and_there(
    scenes: Callable[[str], Scene],
    material: Material,
    kills: Callable[..., Iterator["Kill"]],
    proved: "Proved",
    name: str,
) -> None:
    """A sample of the above."""
    scene = scenes(name)
    sent, once = scene.theatre.sent, 0
    for _ in kills(_strikes(scene, scene.before), first=4, step=STRIDE):
        once += 1
        _recovers(scene, material)
    proved(f"killed here and there: {name}", once=once, requests=scene.theatre.sent - sent)
    assert once

"""`verify`: what differs is named, mended on request, and what is Jen's is left to her."""

import json
import signal
from collections.abc import Callable
from typing import Any

import pytest

from sync.notion.emulator import Capability, Emulator, Fault, FaultKind
from tests.installed.filling import bring_in_step
from tests.installed.patience import AT_ONCE
from tests.installed.product import Ended, Product
from tests.installed.served_notion import Notion

A, B, C = "2026-01-10-a.md", "2026-01-10-b.md", "exceptions/2026-01-10-c.md"
KINDS = ("missing", "stale", "edited", "duplicate", "orphaned", "quarantined", "unseen", "saved")
HERS = "These are my own words."


def _log(name: str) -> str:
    return f"# Execution Log: {name}\n\nIt began.\n\n- one\n  - two\n\nIt ended.\n"


@pytest.fixture
def filled(product: Product, notion: Notion) -> Product:
    """Three logs in step with their pages."""
    for path in (A, B, C):
        product.write(path, _log(path))
    bring_in_step(product)
    notion.forget_requests()
    return product


def _verify(product: Product, *options: str) -> tuple[int, dict[str, list[Any]]]:
    ended = product.call("verify", "--json", *options)
    found = json.loads(ended.out)
    assert tuple(found) == KINDS
    return ended.code, {kind: paths for kind, paths in found.items() if paths}


def _as_jen(notion: Notion, act: Callable[[Emulator], Any]) -> Any:  # noqa: ANN401 - whatever the emulator returns
    return notion.ask(act)


def _page(notion: Notion, path: str) -> dict[str, Any]:
    """Return the oldest page of a log outside the trash."""
    return next(
        page for page in notion.dump() if page["properties"]["Log Path"] == path and not page["in_trash"]
    )


def _block_in(emulator: Emulator, page: str) -> str:
    (found,) = (each for each in emulator.dump() if each["id"] == page)
    return str(found["blocks"][0]["id"])


def _rewrite(notion: Notion, path: str, hers: str) -> None:
    block = _block(notion, path, "It began.")
    _as_jen(notion, lambda emulator: emulator.human.edit_block(block, hers))


def _block(notion: Notion, path: str, text: str) -> str:
    return next(str(block["id"]) for block in _page(notion, path)["blocks"] if block["text"] == text)


@pytest.mark.parametrize("options", [(), ("--deep",)])
def test_in_step_is_said_with_few_requests(filled: Product, notion: Notion, options: tuple[str, ...]) -> None:
    """Nothing differs: exit 0, nothing is written; without --deep in at most N/100 + 4 requests."""
    assert _verify(filled, *options) == (0, {})
    assert notion.writes() == []
    if not options:
        assert len(notion.journal()) <= 4
    assert "in step" in filled.call("verify", *options).out


@pytest.mark.parametrize("runs", [False, True])
def test_what_differs_is_named_and_mended(filled: Product, notion: Notion, runs: bool) -> None:
    """Each kind of difference is found, and mended, whether or not a daemon runs beside it.

    The page that somebody deleted for good is not made again: her wish stands.
    """
    running = filled.daemon({"AI_TRACES_RESCAN_SECONDS": "0"}) if runs else None
    gone, edited = _page(notion, A)["id"], _block(notion, B, "It began.")
    _as_jen(notion, lambda emulator: emulator.human.delete_page_forever(gone))
    _as_jen(notion, lambda emulator: emulator.human.edit_block(edited, HERS))
    copied = _page(notion, C)["id"]
    _as_jen(notion, lambda emulator: emulator.human.duplicate_page(copied))
    assert _verify(filled) == (1, {"missing": [A], "edited": [B], "duplicate": [C]})
    assert _verify(filled, "--deep") == (1, {"missing": [A], "edited": [B], "duplicate": [C]})
    told = filled.call("verify", "--deep").out
    assert "verify --repair saves" in told
    assert "verify --deep" not in told, "she has just done that"
    assert f"ai-traces retry {A} makes a new one" in told
    assert "--repair makes it" not in told, "it does not"
    code, found = _verify(filled, "--repair", "--deep")
    assert (code, list(found)) == (0, ["saved"])
    (saved,) = found["saved"]
    assert (saved["path"], saved["as"]) == (B, "comment")
    assert _page(notion, B)["id"].replace("-", "") in saved["where"]
    assert _verify(filled, "--repair", "--deep") == (0, {})
    after = filled.call("verify").out
    assert f"ai-traces retry {A} makes a new one" in after
    assert "trash" not in after, "there it cannot be found any more"
    assert "Every other log and its page are in step" in after
    assert {page["properties"]["Log Path"] for page in notion.dump() if not page["in_trash"]} == {B, C}
    assert _page(notion, C)["id"] == copied
    assert any(HERS in said for said in _page(notion, B)["comments"])
    if running is not None:
        assert running.stop()[0].code == 0


def test_a_page_that_she_moved_elsewhere_is_named_as_that(filled: Product, notion: Notion) -> None:
    """It is not said to be mended by making it again; a repair sets its log aside, with the way out."""
    moved = _page(notion, A)["id"]

    def move(emulator: Emulator) -> None:
        hers = emulator.create_database("Hers", database_id="11111111-1111-4111-8111-111111111111")
        emulator.human.move_page(moved, hers.data_sources[0])

    _as_jen(notion, move)
    assert _verify(filled) == (1, {"missing": [A]})
    told = filled.call("verify").out
    assert "moved out of the database" in told
    assert "--repair makes it" not in told, "it does not"
    assert _verify(filled, "--repair") == (1, {"quarantined": [A]})
    assert "moved out of the database" in filled.call("status").out


@pytest.mark.parametrize("runs", [False, True])
def test_a_repair_says_where_her_words_are(filled: Product, notion: Notion, runs: bool) -> None:
    """On the page as a comment, or in a file where comments are not allowed: each is named once."""
    if runs:
        filled.daemon({"AI_TRACES_RESCAN_SECONDS": "0"})
    for path, hers in ((B, HERS), (C, "And these are mine, too.")):
        _rewrite(notion, path, hers)
    commented = filled.call("verify", "--repair", "--deep").out
    for path in (B, C):
        assert f"{path}: what was written on its page is now a comment there" in commented
        assert commented.count(_page(notion, path)["id"].replace("-", "")) == 1
    _as_jen(notion, lambda emulator: emulator.access.capabilities.remove(Capability.INSERT_COMMENTS))
    _rewrite(notion, B, "Third words.")
    filed = filled.call("verify", "--repair", "--deep").out
    file = filled.state / "saved-words" / B
    assert f"{B}: what was written on its page is kept in {file}" in filed
    assert "a comment there" not in filed
    assert "Third words." in file.read_text()


def test_a_change_that_nobody_synced_is_stale(filled: Product, notion: Notion) -> None:
    """The file is read, not only its stamp in the state; a new file is missing, a deleted one orphaned."""
    filled.write(A, _log("changed"))
    filled.write("2026-01-11-new.md", _log("new"))
    (filled.logs / C).unlink()
    assert _verify(filled) == (1, {"missing": ["2026-01-11-new.md"], "stale": [A], "orphaned": [C]})
    assert notion.writes() == []
    _verify(filled, "--repair")
    assert _page(notion, A)["title"] == "changed"
    assert _page(notion, "2026-01-11-new.md")["title"] == "new"
    assert not (filled.state / "saved-words").exists()


def test_it_needs_no_state(filled: Product) -> None:
    """With the state directory lost it compares all the same, and makes none."""
    for file in filled.state.iterdir():
        file.unlink()
    filled.state.rmdir()
    assert _verify(filled) == (0, {})
    assert not filled.state.exists()


def test_what_she_adds_is_no_difference(filled: Product, notion: Notion) -> None:
    """Her own blocks, comments and properties: a look decides it, and from then on nothing is said."""
    page = _page(notion, A)["id"]
    _as_jen(notion, lambda emulator: emulator.human.add_block(page, HERS))
    _as_jen(notion, lambda emulator: emulator.human.comment(page, HERS))
    assert _verify(filled, "--deep") == (0, {})
    before = _page(notion, A)
    _verify(filled, "--repair")
    assert _page(notion, A) == before


@pytest.mark.parametrize(
    "put", [lambda human, page: human.add_block(page, HERS), lambda human, page: human.comment(page, HERS)]
)
def test_a_copy_that_holds_something_of_hers_is_left_to_her(
    filled: Product, notion: Notion, put: Callable[[Any, str], Any]
) -> None:
    """It is reported with its address, and never trashed."""
    page = _page(notion, A)["id"]
    copy = _as_jen(notion, lambda emulator: emulator.human.duplicate_page(page))
    _as_jen(notion, lambda emulator: put(emulator.human, copy))
    ended: Ended = filled.call("verify", "--repair")
    assert ended.code == 1
    assert A in ended.out
    assert "of yours" in ended.out
    assert all(not each["in_trash"] for each in notion.dump())


def test_edits_stay_where_the_settings_say_so(filled: Product, notion: Notion) -> None:
    """Under report, --repair leaves her text; `verify` and `status` name it, and say how to end it."""
    report = {"AI_TRACES_ON_PAGE_EDITED": "report"}
    block = _block(notion, B, "It began.")
    _as_jen(notion, lambda emulator: emulator.human.edit_block(block, HERS))
    ended = filled.call("verify", "--repair", settings=report)
    assert (ended.code, B in ended.out, "AI_TRACES_ON_PAGE_EDITED" in ended.out) == (1, True, True)
    assert _block(notion, B, HERS) == block
    assert B in filled.call("status", settings=report).out
    code, found = _verify(filled, "--repair", "--deep")
    assert (code, [each["path"] for each in found["saved"]]) == (0, [B])
    assert _block(notion, B, "It began.") == block


def test_a_page_in_the_trash_by_her_hand_is_no_difference(filled: Product, notion: Notion) -> None:
    """Her wish stands, also before the daemon has noticed; verify says how to have the page back."""
    page = _page(notion, A)["id"]
    _as_jen(notion, lambda emulator: emulator.human.trash_page(page))
    assert _verify(filled) == (0, {})
    assert f"retry {A}" in filled.call("verify").out
    restore = {"AI_TRACES_ON_PAGE_TRASHED": "restore"}
    assert "has no page" in filled.call("verify", settings=restore).out
    assert filled.call("verify", "--repair", settings=restore).code == 0
    assert not any(each["in_trash"] for each in notion.dump())
    _as_jen(notion, lambda emulator: emulator.human.trash_page(page))
    filled.write(A, _log("seen"))
    assert filled.call("backfill").code == 0
    assert filled.call("verify", "--repair", settings=restore).code == 0
    assert _page(notion, A)["title"] == "seen"
    filled.write(A, _log("changed"))
    assert filled.call("backfill").code == 0
    assert _page(notion, A)["title"] == "changed"


@pytest.mark.parametrize("runs", [False, True])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda each: each.name)
def test_a_repair_that_is_stopped_ends_soon(
    filled: Product, notion: Notion, wait: Callable[..., float], number: signal.Signals, runs: bool
) -> None:
    """While Notion does not answer writes, alone and beside a daemon; it says so and ends with 1."""
    if runs:
        filled.daemon({"AI_TRACES_RESCAN_SECONDS": "0"})
    page = _page(notion, B)["id"]
    _as_jen(notion, lambda emulator: emulator.human.edit_block(_block_in(emulator, page), HERS))
    notion.suffers(Fault(kind=FaultKind.HANG, path="comments|blocks", count=0))
    notion.forget_requests()
    running = filled.start("verify", "--repair")
    wait(
        lambda: any("comments" in each.path or "blocks" in each.path for each in notion.journal()),
        what="the repair has begun",
    )
    ended, seconds = running.stop(number)
    assert (ended.code, ended.out) == (1, "")
    assert "Stopped" in ended.err
    assert seconds < AT_ONCE


def test_access_refused_ends_with_77(filled: Product) -> None:
    """A token that Notion does not take is no difference of the copies."""
    assert filled.call("verify", settings={"NOTION_TOKEN": "ntn_wrong"}).code == 77


def test_the_daemon_finds_and_mends_an_edit_by_itself(
    filled: Product, notion: Notion, wait: Callable[..., float]
) -> None:
    """A check brings the log's text back and keeps hers as a comment; without one, nothing is written."""
    running = filled.daemon({"AI_TRACES_DRIFT_CHECK_SECONDS": "0.5"})
    notion.forget_requests()
    wait(lambda: sum(entry.path.endswith("/query") for entry in notion.journal()) > 1, what="two checks")
    assert notion.writes() == []
    block = _block(notion, C, "It ended.")
    _as_jen(notion, lambda emulator: emulator.human.edit_block(block, HERS))
    wait(lambda: any(HERS in said for said in _page(notion, C)["comments"]), what="her words are a comment")
    wait(
        lambda: any(each["text"] == "It ended." for each in _page(notion, C)["blocks"]),
        what="the text is back",
    )
    assert _block(notion, C, "It ended.") == block
    assert running.stop()[0].code == 0

"""`--json`: exactly one object on stdout, however a command ends in an ordered way."""

import json
import signal
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from sync.notion.emulator import Emulator, Fault, FaultKind
from sync.state.backlog import Backlog
from sync.state.store import Store
from tests.installed.filling import bring_in_step
from tests.installed.patience import AT_ONCE
from tests.installed.product import Ended, Product
from tests.installed.served_notion import Notion

LOG = "# Execution Log: {}\n\n**ENV:** dev\n\nIt began.\n\nIt ended.\n"
SIGNALS = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda each: each.name)


def _object(ended: Ended) -> dict[str, Any]:
    """Return the one object that a command has printed, in one line and nothing else."""
    (line,) = ended.out.splitlines()
    found = json.loads(line)
    assert isinstance(found, dict)
    return found


@pytest.fixture
def filled(product: Product, notion: Notion) -> Product:
    """Forty logs in step with their pages."""
    for number in range(40):
        product.write(f"{number:02}.md", LOG.format(number))
    bring_in_step(product)
    notion.forget_requests()
    return product


@pytest.mark.parametrize(
    "words",
    [
        ("backfill",),
        ("backfill", "--dry-run"),
        ("verify",),
        ("verify", "--repair"),
        ("status",),
        ("status", "--watch"),
        ("patterns",),
        ("audit",),
        ("audit", "import", "answer.md"),
    ],
    ids=" ".join,
)
def test_a_setting_that_cannot_be_used(product: Product, words: tuple[str, ...]) -> None:
    """78: the object says what is wrong, and stderr says it to a person."""
    product.write("a.md", LOG.format("A"))
    (product.home / "answer.md").write_text("P-1 ✓\n")
    ended = product.call(*words, "--json", settings={"AI_TRACES_RESCAN_SECONDS": "often"})
    assert ended.code == 78
    assert "AI_TRACES_RESCAN_SECONDS" in _object(ended)["error"]["what"]
    assert _object(ended)["error"]["hint"] in ended.err


@pytest.mark.parametrize(
    "words", [("backfill",), ("backfill", "--dry-run"), ("verify",), ("verify", "--repair")], ids=" ".join
)
def test_a_token_that_is_refused(product: Product, words: tuple[str, ...]) -> None:
    """77: the object says so."""
    product.write("a.md", LOG.format("A"))
    ended = product.call(*words, "--json", settings={"NOTION_TOKEN": "ntn_wrong"})
    assert ended.code == 77
    assert "token" in _object(ended)["error"]["what"].lower()


@pytest.mark.parametrize(
    "words",
    [
        ("backfill", "none.md"),
        ("lint", "none.md"),
        ("lint", "-", "--fix"),
        ("patterns", "--contract", "none.md"),
        ("audit", "--contract", "none.md"),
        ("audit", "import", "none.md"),
    ],
    ids=" ".join,
)
def test_what_was_typed_cannot_be_used(product: Product, words: tuple[str, ...]) -> None:
    """2: what a command finds wrong with its words is in the object as well."""
    product.write("a.md", LOG.format("A"))
    ended = product.call(*words, "--json")
    assert ended.code == 2
    assert _object(ended)["error"]["what"]


def test_what_to_write_instead(product: Product) -> None:
    """What is wrong and what to do about it are told apart, as for any error."""
    product.write("a.md", LOG.format("A"))
    error = _object(product.call("patterns", "--json", "--last", "3", "--since", "2026-01-10"))["error"]
    assert error == {"what": "--last and --since both say which logs are read", "hint": "Use one of them"}


def test_a_name_that_is_no_unicode(product: Product) -> None:
    """Bytes that a shell hands over as they are do not break the object."""
    product.write("a.md", LOG.format("A"))
    ended = product.call("backfill", "--json", "\udcff.md")
    assert ended.code == 2
    assert "There is no log" in _object(ended)["error"]["what"]
    assert _object(product.call("audit", "--json", "--output", "\udcff"))["folder"] == "\udcff"


def test_access_that_goes_in_the_middle(product: Product, notion: Notion) -> None:
    """What a backfill has done until then is counted, and the rest is not said to be done."""
    for number in range(60):
        product.write(f"{number:02}.md", LOG.format(number))
    notion.suffers(
        Fault(kind=FaultKind.ACCESS, status=401, method="POST", path="/v1/pages$", nth=20, count=0)
    )
    ended = product.call("backfill", "--json")
    told = _object(ended)
    assert ended.code == 77
    assert told["created"] == notion.count()
    assert 0 < told["created"] < 60
    assert told["created"] + told["failed"] == 60
    assert told["stopped"]
    assert told["requests"] > told["created"]
    assert told["error"]["what"]


def test_a_state_that_is_removed_in_the_middle(
    product: Product, notion: Notion, wait: Callable[..., float]
) -> None:
    """What a backfill has done until then is counted here, too."""
    for number in range(5):
        product.write(f"{number:02}.md", LOG.format(number))
    notion.suffers(Fault(kind=FaultKind.HANG, method="POST", path="/v1/pages$", nth=4, count=0))
    running = product.start("backfill", "--json")
    wait(lambda: notion.creates() == 5, what="three are made, two hang")
    (product.state / "lock").unlink()
    told = _object(ended := running.ended())
    assert ended.code == 1
    assert "was removed" in told["error"]["what"]
    assert (told["created"], told["failed"], told["stopped"]) == (3, 2, True)


@SIGNALS
def test_a_backfill_that_is_stopped(product: Product, notion: Notion, number: signal.Signals) -> None:
    """What is done is counted; the exit code is 1."""
    for each in range(60):
        product.write(f"{each:02}.md", LOG.format(each))
    running = product.start("backfill", "--json")
    pid = running.process.pid
    notion.suffers(Fault(kind=FaultKind.SIGNAL, path="/v1/pages$", nth=20, pid=pid, signal=number.name[3:]))
    ended = running.ended()
    told = _object(ended)
    assert ended.code == 1
    assert told["stopped"]
    assert told["created"] == notion.count()


@SIGNALS
@pytest.mark.parametrize("options", [(), ("--deep",), ("--repair",)], ids=" ".join)
def test_a_comparison_that_is_stopped(
    filled: Product,
    notion: Notion,
    wait: Callable[..., float],
    number: signal.Signals,
    options: tuple[str, ...],
) -> None:
    """Where nothing was compared, no list says that nothing differs; the exit code is 1."""
    notion.suffers(Fault(kind=FaultKind.HANG, count=0))
    running = filled.start("verify", "--json", *options)
    wait(lambda: bool(notion.journal()), what="the comparison has begun")
    ended, seconds = running.stop(number)
    assert (ended.code, _object(ended)) == (1, {"stopped": True})
    assert "nothing was changed" in ended.err
    assert seconds < AT_ONCE


@SIGNALS
@pytest.mark.parametrize("runs", [False, True], ids=["alone", "beside a daemon"])
def test_a_repair_that_is_stopped(
    filled: Product, notion: Notion, wait: Callable[..., float], number: signal.Signals, runs: bool
) -> None:
    """It says what differed, and which of that is mended; the exit code is 1."""
    if runs:
        filled.daemon({"AI_TRACES_RESCAN_SECONDS": "0"})
    ids = [notion.pages()[path]["id"] for path in ("03.md", "07.md")]
    _, hanging = (notion.ask(partial(_edit_end, page=page)) for page in ids)
    notion.suffers(Fault(kind=FaultKind.HANG, path=hanging, count=0))
    running = filled.start("verify", "--repair", "--json")
    wait(
        lambda: (
            notion.pages()["03.md"]["blocks"][-1]["text"] != "Hers."
            and any(hanging in each.path for each in notion.journal())
        ),
        what="one is mended, the other hangs",
    )
    wait(lambda: not _waits(filled, "03.md"), what="that is remembered")
    told = _object(ended := running.stop(number)[0])
    assert ended.code == 1
    assert told["stopped"]
    assert told["edited"] == ["03.md", "07.md"]
    assert told["mended"] == ["03.md"]
    assert "03.md" in {each["path"] for each in told["saved"]}


@SIGNALS
def test_a_repair_that_is_stopped_at_the_last_comparison(
    filled: Product, notion: Notion, wait: Callable[..., float], number: signal.Signals
) -> None:
    """All is mended by then, and that is what it says; the exit code is 1."""
    page = notion.pages()["03.md"]["id"]
    notion.ask(partial(_edit_end, page=page))
    of_comparison = 3  # the first comparison lists the pages, the repair does, and the last comparison
    notion.suffers(Fault(kind=FaultKind.HANG, path="/query$", nth=of_comparison, count=0))
    running = filled.start("verify", "--repair", "--json")
    wait(
        lambda: sum(each.path.endswith("/query") for each in notion.journal()) == of_comparison,
        what="the last comparison has begun",
    )
    ended, seconds = running.stop(number)
    told = _object(ended)
    assert ended.code == 1
    assert (told["stopped"], told["edited"], told["mended"]) == (True, ["03.md"], ["03.md"])
    assert "compared again" in ended.err
    assert seconds < AT_ONCE


def _edit_end(emulator: Emulator, page: str) -> str:
    """Let Jen edit the last block of a page; return the block."""
    (found,) = (each for each in emulator.dump() if each["id"] == page)
    block = str(found["blocks"][-1]["id"])
    emulator.human.edit_block(block, "Hers.")
    return block


def _waits(product: Product, path: str) -> bool:
    with Store.copy_of(product.state) as copy:
        return path in Backlog(copy).listed()

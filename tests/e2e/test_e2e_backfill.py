"""`ai-traces backfill`, as a person calls it."""

import json
import shutil
import signal

import pytest

from sync.notion.emulator import Fault, FaultKind
from tests.installed.material import Material
from tests.installed.patience import AT_ONCE, Wait
from tests.installed.product import Product
from tests.installed.served_notion import Notion


def test_every_log_has_its_whole_page(product: Product, notion: Notion, material: Material) -> None:
    """Large, deep, faulty and hostile logs each become one whole page; Notion rejects nothing."""
    logs = material.hard_logs() | material.small_logs(60)
    for path, content in logs.items():
        product.write(path, content)
    before = product.listing()
    ended = product.call("backfill", "--json")
    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out)["created"] == len(logs)
    pages = notion.pages()
    assert pages.keys() == logs.keys()
    utf_16 = "hostile/utf-16.md"
    assert not [path for path in logs if path != utf_16 and not material.holds(pages[path], logs[path])]
    assert notion.ask(lambda emulator: emulator.journal.statuses()) == {"200": len(notion.journal())}
    assert product.listing() == before

    notion.forget_requests()
    again = product.call("backfill", "--json")
    assert json.loads(again.out)["unchanged"] == len(logs)
    assert notion.writes() == []
    assert len(notion.journal()) <= 4


def test_small_logs_cost_one_request_each(product: Product, notion: Notion, material: Material) -> None:
    """N logs cost at most N + N/100 + 8 requests; without the state all pages are adopted, none is made."""
    logs = material.small_logs(200)
    for path, content in logs.items():
        product.write(path, content)
    told = json.loads(product.call("backfill", "--json").out)
    assert told["created"] == len(logs)
    assert told["requests"] == len(notion.journal()) <= len(logs) + len(logs) / 100 + 8

    shutil.rmtree(product.state)
    notion.forget_requests()
    found = json.loads(product.call("backfill", "--json").out)
    assert (found["created"], found["updated"], found["adopted"]) == (0, 0, len(logs))
    assert found["unchanged"] == len(logs)
    assert notion.writes() == []
    assert len(notion.journal()) <= len(logs) / 100 + 8
    assert notion.pages().keys() == logs.keys()


def test_it_says_which_pages_it_takes_on_trust(product: Product, notion: Notion) -> None:
    """Without the state a long page is known by its hash: a person reads of how many no end was seen."""
    product.write("a.md", "# Execution Log: A\n")
    product.write("long.md", "# Execution Log: L\n\n" + "Text.\n\n" * 150)
    assert "content hash" not in product.call("backfill").out
    shutil.rmtree(product.state)
    notion.forget_requests()
    ended = product.call("backfill")
    assert ended.code == 0
    assert "1 page was recognised by its content hash" in ended.out
    assert "ai-traces verify --deep --repair" in ended.out
    assert len(notion.journal()) <= 1 + 4


def test_json_has_the_promised_fields(product: Product) -> None:
    """`--json` prints one object on stdout with every promised field, and nothing else."""
    product.write("a.md", "# Execution Log: A\n")
    told = json.loads(product.call("backfill", "--json").out)
    promised = ["created", "updated", "unchanged", "trashed", "quarantined", "requests", "seconds"]
    assert told.keys() >= set(promised)
    assert all(isinstance(told[name], int) for name in promised[:-1])
    assert told["seconds"] >= 0


def test_a_rehearsal_writes_nothing(product: Product, notion: Notion, material: Material) -> None:
    """`--dry-run` tells what would be done, also without our properties there, and does none of it."""
    logs = material.small_logs(20)
    for path, content in logs.items():
        product.write(path, content)
    for arguments in ((), ("--json",)):
        ended = product.call("backfill", "--dry-run", *arguments)
        assert (ended.code, ended.err) == (0, "")
        assert all(path in ended.out for path in logs)
    assert json.loads(ended.out)["totals"] == {"create": len(logs)}
    assert notion.writes() == []
    assert notion.dump() == []
    assert product.call("backfill").code == 0
    path, content = next(iter(logs.items()))
    product.write(path, content + b"\nmore\n")
    writes = len(notion.writes())
    ended = product.call("backfill", "--dry-run")
    assert path in ended.out
    assert "1 to update" in ended.out
    assert len(notion.writes()) == writes
    assert product.call("backfill").code == 0
    assert "Everything is in step" in product.call("backfill", "--dry-run").out


def test_a_rehearsal_is_honest_about_a_schema_that_stays(product: Product) -> None:
    """Where missing properties are not to be added, a rehearsal fails as the backfill would."""
    product.write("a.md", "# Execution Log: A\n")
    for arguments in (("backfill",), ("backfill", "--dry-run")):
        ended = product.call(*arguments, settings={"AI_TRACES_MANAGE_SCHEMA": "false"})
        assert ended.code == 77
        assert "Log Path" in ended.err


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda each: each.name
)
def test_it_goes_on_where_it_was_stopped(
    product: Product, notion: Notion, material: Material, number: signal.Signals
) -> None:
    """Stopped by Ctrl-C or killed in the middle, the next one does the rest: one page for each log."""
    logs = material.small_logs(80)
    for path, content in logs.items():
        product.write(path, content)
    running = product.start("backfill")
    notion.suffers(
        Fault(
            kind=FaultKind.SIGNAL, path="/v1/pages$", nth=30, pid=running.process.pid, signal=number.name[3:]
        )
    )
    ended = running.ended()
    if number is signal.SIGKILL:
        assert ended.code == -number
    else:
        assert ended.code == 1
        assert "run it again" in ended.out.lower()
    assert 0 < notion.count() < len(logs)
    rest = product.call("backfill", "--json")
    assert rest.code == 0
    assert json.loads(rest.out)["created"] <= len(logs) - notion.count() + 80
    pages = notion.pages()
    assert all(material.holds(pages[path], content) for path, content in logs.items())
    assert notion.creates() <= len(logs) + 20


def test_a_stop_does_not_wait_for_a_notion_that_hangs(product: Product, notion: Notion, wait: Wait) -> None:
    """While Notion does not answer, Ctrl-C ends a backfill within seconds."""
    notion.suffers(Fault(kind=FaultKind.HANG, count=0))
    product.write("a.md", "# Execution Log: A\n")
    running = product.start("backfill")
    wait(lambda: bool(notion.journal()), what="the first request")
    ended, seconds = running.stop(signal.SIGINT)
    assert ended.code == 1
    assert seconds < AT_ONCE


def test_a_stop_does_not_wait_for_the_next_attempt(product: Product, notion: Notion, wait: Wait) -> None:
    """While Notion is out of reach and a pause runs, Ctrl-C ends a backfill at once."""
    notion.suffers(Fault(kind=FaultKind.OVERLOAD, seconds=40, count=0))
    product.write("a.md", "# Execution Log: A\n")
    running = product.start("backfill")
    wait(lambda: bool(notion.journal()), what="the first request")
    ended, seconds = running.stop(signal.SIGINT)
    assert ended.code == 1
    assert seconds < AT_ONCE


@pytest.mark.parametrize(
    ("settings", "code", "told"),
    [
        ({"NOTION_TOKEN": "ntn_wrong"}, 77, "token"),
        ({"NOTION_DATABASE_ID": "9272e7a691ab4c50b5b9b28cc2f41fff"}, 77, "Connections"),
        ({"NOTION_TOKEN": ""}, 78, "NOTION_TOKEN"),
        ({"AI_TRACES_RESCAN_SECONDS": "often"}, 78, "AI_TRACES_RESCAN_SECONDS=300"),
        ({"NOTION_DATABASE_ID": "traces"}, 78, "Copy link"),
        ({"AI_TRACES_LOGS_DIR": "/nowhere/at/all"}, 78, "AI_TRACES_LOGS_DIR"),
    ],
    ids=lambda given: "+".join(given) if isinstance(given, dict) else "",
)
def test_what_a_person_has_to_mend_is_said(
    product: Product, settings: dict[str, str], code: int, told: str
) -> None:
    """The exit code tells scripts, stderr tells people what to do; stdout stays empty, but for --json."""
    product.write("a.md", "# Execution Log: A\n")
    for options in ((), ("--dry-run",), ("--json",)):
        ended = product.call("backfill", *options, settings=settings)
        assert ended.code == code
        assert told in ended.err
        if "--json" in options:
            assert told in " ".join(json.loads(ended.out)["error"].values())
        else:
            assert ended.out == ""
        assert "Traceback" not in ended.err


def test_a_missing_logs_directory_is_told_before_notion_is_asked(product: Product, notion: Notion) -> None:
    """Nothing is asked, and no state is made, for what is not there."""
    ended = product.call("backfill", settings={"AI_TRACES_LOGS_DIR": "/nowhere/at/all"})
    assert ended.code == 78
    assert notion.journal() == []
    assert not product.state.exists()


def test_a_state_directory_that_cannot_be_made_is_told(product: Product) -> None:
    """Without a place to remember what was done nothing is done."""
    product.write("a.md", "# Execution Log: A\n")
    ended = product.call("backfill", settings={"AI_TRACES_STATE_DIR": "/proc/1/nowhere"})
    assert (ended.code, ended.out) == (78, "")
    assert "AI_TRACES_STATE_DIR" in ended.err


def test_an_unshared_database_ends_it(product: Product, notion: Notion) -> None:
    """A database that is no longer shared ends a backfill with 77; shared again, the next one is done."""
    product.write("a.md", "# Execution Log: A\n")
    database = notion.ask(lambda emulator: next(iter(emulator.workspace.databases)))
    notion.ask(lambda emulator: emulator.human.unshare(database))
    ended = product.call("backfill")
    assert ended.code == 77
    assert "Connections" in ended.err
    notion.ask(lambda emulator: emulator.human.share(database))
    assert product.call("backfill").code == 0


def test_the_plan_limit_is_told(product: Product, notion: Notion) -> None:
    """A workspace that takes no more blocks ends a backfill with 77 and a sentence."""
    product.write("a.md", "# Execution Log: A\n")
    notion.ask(lambda emulator: setattr(emulator.access, "out_of_blocks", True))
    ended = product.call("backfill")
    assert ended.code == 77
    assert "plan" in ended.err or "block" in ended.err


def test_paths_limit_it(product: Product, notion: Notion, material: Material) -> None:
    """Only what is named is done: a log by its path, a directory for all in it; what is no log is said so."""
    for path, content in material.small_logs(12).items():
        product.write(path, content)
    product.write("notes.txt", "no log")
    assert product.call("backfill", "exceptions").code == 0
    assert {path.split("/")[0] for path in notion.pages()} == {"exceptions"}
    before = notion.count()
    assert product.call("backfill", "2026-01-02-task-1.md", "logs/2026-01-03-task-2.md").code == 0
    assert notion.count() == before + 2
    for path in ("nothing.md", "notes.txt", "/etc/hosts"):
        ended = product.call("backfill", path)
        assert (ended.code, ended.out) == (2, "")
        assert path in ended.err

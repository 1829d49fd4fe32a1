"""What a person asks: `status`, `retry`, `version`, `--help`, `demo`."""

import importlib.metadata
import json

import pytest

from tests.installed.filling import bring_in_step
from tests.installed.material import Material
from tests.installed.patience import Wait
from tests.installed.product import Product
from tests.installed.served_notion import Notion

COMMANDS = ("run", "backfill", "status", "retry", "demo", "version")
COUNTS = ("files", "synced", "pending", "quarantined", "trashed")


def _told(product: Product) -> dict[str, int]:
    """Return the counts that `status --json` prints."""
    told = json.loads(product.call("status", "--json").out)
    assert all(isinstance(told[name], int) for name in COUNTS)
    return {name: told[name] for name in COUNTS}


def test_before_anything_was_done(product: Product, notion: Notion, material: Material) -> None:
    """Without any state it counts what waits and says what to do; it asks and leaves nothing."""
    for path, content in material.small_logs(7).items():
        product.write(path, content)
    ended = product.call("status", "--json")
    told = json.loads(ended.out)
    assert (ended.code, ended.err) == (1, "")
    assert {name: told[name] for name in COUNTS} == {
        "files": 7,
        "synced": 0,
        "pending": 7,
        "quarantined": 0,
        "trashed": 0,
    }
    assert told["daemon"] == {"running": False, "pid": None}
    words = product.call("status")
    assert "7 logs" in words.out
    assert "ai-traces run" in words.out
    assert "ai-traces backfill" in words.out
    assert notion.journal() == []
    assert not product.state.exists()


def test_without_any_log(product: Product) -> None:
    """An empty logs directory needs nobody; which one it is is said, in case it is the wrong one."""
    ended = product.call("status")
    assert ended.code == 0
    assert f"No logs found in {product.logs} yet" in ended.out
    assert "in step\n" not in ended.out.lower().splitlines(keepends=True)[0]
    assert _told(product)["files"] == 0


def test_it_needs_no_token(product: Product) -> None:
    """Neither status nor retry asks Notion anything, so neither needs a token."""
    for command in ("status", "retry"):
        assert product.call(command, settings={"NOTION_TOKEN": ""}).code == 0


def test_while_the_daemon_runs_and_after(
    product: Product, notion: Notion, material: Material, wait: Wait
) -> None:
    """It tells the daemon's process, and what is in step; after its end, too."""
    product.write("a.md", material.execution("A"))
    running = product.daemon()
    wait(lambda: notion.count() == 1, what="the page")
    wait(lambda: _told(product)["synced"] == 1, what="the state says so")
    ended = product.call("status", "--json")
    assert ended.code == 0
    assert json.loads(ended.out)["daemon"] == {"running": True, "pid": running.process.pid}
    assert str(running.process.pid) in product.call("status").out
    running.stop()
    ended = product.call("status", "--json")
    assert ended.code == 0
    assert json.loads(ended.out)["daemon"] == {"running": False, "pid": None}
    product.write("b.md", material.execution("B"))
    assert product.call("status").code == 1
    assert _told(product) == {"files": 2, "synced": 1, "pending": 1, "quarantined": 0, "trashed": 0}


def test_a_killed_daemon_is_not_running(product: Product) -> None:
    """A daemon that was killed is not taken for one that runs."""
    running = product.daemon()
    running.process.kill()
    running.process.wait()
    assert json.loads(product.call("status", "--json").out)["daemon"] == {"running": False, "pid": None}


def test_what_is_in_quarantine_is_told(product: Product, notion: Notion, material: Material) -> None:
    """A log that cannot go in is named with reason and remedy, the others are in step; `retry` tries it."""
    notion.ask(lambda emulator: setattr(emulator, "firewall", True))
    logs = material.small_logs(5)
    for path, content in logs.items():
        product.write(path, content)
    bad = product.write("a; rm -rf b.md", material.execution("BAD"))
    ended = product.call("backfill")
    assert ended.code == 1
    assert "1 quarantined" in ended.out
    assert "ai-traces status" in ended.out
    assert notion.pages().keys() == logs.keys()
    assert _told(product) == {"files": 6, "synced": 5, "pending": 0, "quarantined": 1, "trashed": 0}
    status = product.call("status")
    assert status.code == 1
    assert bad.name in status.out
    (problem,) = json.loads(product.call("status", "--json").out)["problems"]
    assert problem["path"] == bad.name
    assert problem["what"]
    assert problem["hint"]

    requests = len(notion.journal())
    assert product.call("backfill").code == 1
    assert len(notion.journal()) <= requests + 4
    assert bad.name in product.call("retry").out
    notion.ask(lambda emulator: setattr(emulator, "firewall", False))
    assert product.call("backfill").code == 0
    assert product.call("status").code == 0
    assert bad.name in notion.pages()


def test_a_page_in_the_trash_comes_back_when_asked(
    product: Product, notion: Notion, material: Material
) -> None:
    """A page that Jen moved to the trash stays there until its log is named in `retry`."""
    product.write("a.md", material.execution("A", "first"))
    product.write("b.md", material.execution("B"))
    bring_in_step(product)
    page = notion.pages()["a.md"]["id"]
    notion.ask(lambda emulator: emulator.human.trash_page(page))
    product.write("a.md", material.execution("A", "second"))
    assert product.call("backfill").code == 0
    assert _told(product) == {"files": 2, "synced": 1, "pending": 0, "quarantined": 0, "trashed": 1}
    assert notion.pages()["a.md"]["in_trash"]
    status = product.call("status")
    assert status.code == 0
    assert "ai-traces retry a.md" in status.out
    assert "a.md" not in product.call("retry").out
    retried = product.call("retry", "a.md")
    assert retried.code == 0
    assert "a.md" in retried.out
    assert "ai-traces backfill" in retried.err
    assert product.call("backfill").code == 0
    back = notion.pages()["a.md"]
    assert (back["id"], back["in_trash"]) == (page, False)
    assert "second" in material.text_of(back)
    assert _told(product)["synced"] == 2


def test_a_page_in_the_trash_that_nobody_has_noticed_comes_back(
    product: Product, notion: Notion, material: Material
) -> None:
    """`retry PATH` looks at the page whatever is known of it; one that is in step stays as it is."""
    for name in ("a.md", "b.md"):
        product.write(name, material.execution(name))
    bring_in_step(product)
    page = notion.pages()["a.md"]["id"]
    notion.ask(lambda emulator: emulator.human.trash_page(page))
    assert "Again: a.md" in product.call("retry", "a.md", "b.md").out
    notion.forget_requests()
    assert product.call("backfill").code == 0
    assert not notion.pages()["a.md"]["in_trash"]
    assert notion.pages()["a.md"]["id"] == page
    assert not any(notion.pages()["b.md"]["id"] in entry.path for entry in notion.writes())
    assert _told(product) == {"files": 2, "synced": 2, "pending": 0, "quarantined": 0, "trashed": 0}


def test_retry_tries_refused_texts_again(product: Product, notion: Notion, material: Material) -> None:
    """What a firewall refused yesterday and lets through today is on the page after `retry PATH`."""
    text = material.execution("A") + "\nRead /etc/passwd first.\n"
    product.write("a.md", text)
    notion.ask(lambda emulator: setattr(emulator, "firewall", True))
    bring_in_step(product)
    assert "/etc/passwd" not in material.text_of(notion.pages()["a.md"])
    notion.ask(lambda emulator: setattr(emulator, "firewall", False))
    assert "Again: a.md" in product.call("retry", "a.md").out
    assert product.call("backfill").code == 0
    assert "/etc/passwd" in material.text_of(notion.pages()["a.md"])


def test_retry_reaches_the_running_daemon(
    product: Product, notion: Notion, material: Material, wait: Wait
) -> None:
    """Beside a running daemon `retry` has it done at once."""
    product.write("a.md", material.execution("A"))
    bring_in_step(product)
    page = notion.pages()["a.md"]["id"]
    notion.ask(lambda emulator: emulator.human.trash_page(page))
    product.daemon()
    product.write("a.md", material.execution("A", "changed"))
    wait(lambda: _told(product)["trashed"] == 1, what="the trash is noticed")
    assert "to have one back, name its log" in product.call("retry").out
    assert product.call("retry", "a.md").err == ""
    wait(lambda: not notion.pages()["a.md"]["in_trash"], what="the page is back")
    wait(lambda: "changed" in material.text_of(notion.pages()["a.md"]), what="it is in step")


def test_retry_with_nothing_to_do(product: Product, material: Material) -> None:
    """With nothing set aside it says so; a log that is not there is an error that says how to name one."""
    product.write("a.md", material.execution("A"))
    assert product.call("backfill").code == 0
    ended = product.call("retry")
    assert (ended.code, ended.err) == (0, "")
    assert "Nothing to try again" in ended.out
    ended = product.call("retry", "nothing.md")
    assert (ended.code, ended.out) == (2, "")
    assert "nothing.md" in ended.err


def test_help_explains(product: Product) -> None:
    """`--help` of the whole and of each command explains it, without a setting or a Notion."""
    whole = product.call("--help", settings={"NOTION_TOKEN": "", "AI_TRACES_REDACT": "perhaps"})
    assert whole.code == 0
    assert all(f"  {name} " in whole.out for name in COMMANDS)
    for name in COMMANDS:
        ended = product.call(name, "--help", settings={"NOTION_TOKEN": "", "AI_TRACES_REDACT": "perhaps"})
        assert (ended.code, ended.err) == (0, "")
        assert f"ai-traces {name}" in ended.out


@pytest.mark.parametrize("arguments", [("nonsense",), ("status", "--nonsense"), ("status", "extra")])
def test_what_is_typed_wrongly_is_told(product: Product, arguments: tuple[str, ...]) -> None:
    """A command or option that is not there ends with 2 and the way to the help."""
    ended = product.call(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "--help" in ended.err


def test_a_command_that_is_nearly_right_is_suggested(product: Product) -> None:
    """A slip of the finger is answered with what was meant."""
    assert "Did you mean status?" in product.call("statsu").err
    assert "Did you mean" not in product.call("nonsense").err


def test_a_misspelt_setting_is_told(product: Product) -> None:
    """By `status` as a remark, by `retry` on stderr: neither ends for that."""
    misspelt = {"AI_TRACES_REDACTED": "true"}
    ended = product.call("status", settings=misspelt)
    assert ended.code == 0
    assert "AI_TRACES_REDACTED is no setting; did you mean AI_TRACES_REDACT?" in ended.out
    ended = product.call("retry", settings=misspelt)
    assert ended.code == 0
    assert "AI_TRACES_REDACTED is no setting" in ended.err


def test_version(product: Product) -> None:
    """`version` and `--version` print what is installed; the former also what it works with."""
    installed = f"ai-traces {importlib.metadata.version('ai-traces')}"
    assert product.call("--version").out == f"{installed}\n"
    first, *others = product.call("version").out.splitlines()
    assert first == installed
    assert [line.split()[0] for line in others] == ["Notion's", "pages", "Python"]


def test_the_help_of_the_demo_names_the_port(product: Product) -> None:
    """Not the range that a port has."""
    assert "--port PORT " in product.call("demo", "--help").out


def test_the_demo_tells_of_a_taken_port(product: Product, notion: Notion) -> None:
    """A port that another program listens on is an error with a way out."""
    port = notion.url.rsplit(":", 1)[-1]
    ended = product.call("demo", "--port", port)
    assert (ended.code, ended.out) == (78, "")
    assert port in ended.err
    assert "Traceback" not in ended.err


def test_the_demo_ends_by_itself(product: Product) -> None:
    """Without a terminal the demo shows what it shows and ends with 0 and its summary, whatever is set."""
    ended = product.call("demo", settings={"NOTION_TOKEN": "", "AI_TRACES_LOGS_DIR": "/nowhere"})
    assert (ended.code, ended.err) == (0, "")
    assert "13 pages by 13 creates" in ended.out
    assert not product.state.exists()


def test_doctor_does_not_lay_certificates_on_the_budget(product: Product) -> None:
    """Where none is shared, what keeps it from connecting is a matter of the connection."""
    ended = product.call("doctor", settings={"SSL_CERT_FILE": "/absent.pem"})
    assert ended.code == 1
    assert "✗ Connection" in ended.out
    assert "Budget" not in ended.out

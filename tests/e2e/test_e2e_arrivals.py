"""`ai-traces run`: what comes into the logs directory is soon in Notion, in whatever way and number."""

import json
import os
import time
from pathlib import Path

import pytest

from tests.installed.material import Material
from tests.installed.patience import Wait
from tests.installed.product import Product
from tests.installed.served_notion import Notion


def _shown(notion: Notion, path: str, text: str) -> bool:
    return any(
        page["properties"]["Log Path"] == path and text in json.dumps(page, ensure_ascii=False)
        for page in notion.dump()
    )


def test_whatever_way_a_log_comes_or_changes(
    product: Product, notion: Notion, material: Material, wait: Wait, tmp_path: Path
) -> None:
    """Written, replaced, appended to, held open, in new directories, moved in: soon on its one page."""
    product.write("there.md", material.execution("THERE", "before"))
    outside = tmp_path / "outside"
    (outside / "sub").mkdir(parents=True)
    (outside / "moved.md").write_text(material.execution("MOVED", "moved-in"), encoding="utf-8")
    (outside / "sub" / "tree.md").write_text(material.execution("TREE", "in-a-tree"), encoding="utf-8")
    product.daemon()
    wait(lambda: notion.count() == 1, what="the log that was there")

    product.write("live.md", material.execution("LIVE", "live-write"))
    wait(lambda: _shown(notion, "live.md", "live-write"), what="a live write")

    new = product.write(".there.md.tmp", material.execution("THERE", "replaced"))
    new.rename(product.logs / "there.md")
    wait(lambda: _shown(notion, "there.md", "replaced"), what="an atomic replace")

    with (product.logs / "live.md").open("a", encoding="utf-8") as file:
        file.write("\n## More\nappended\n")
    wait(lambda: _shown(notion, "live.md", "appended"), what="an append")

    with (product.logs / "live.md").open("a", encoding="utf-8") as file:
        file.write("\nheld-open\n")
        file.flush()
        wait(lambda: _shown(notion, "live.md", "held-open"), what="an append, held open")

    for n in range(20):
        product.write(f"new/a{n}/b/{n}.md", material.exception(f"N{n}", f"nested-{n}-"))
    wait(lambda: notion.count() == 22, what="logs in new directories")

    (outside / "moved.md").rename(product.logs / "moved.md")
    (outside / "sub").rename(product.logs / "sub")
    wait(lambda: _shown(notion, "moved.md", "moved-in"), what="a log moved in")
    wait(lambda: _shown(notion, "sub/tree.md", "in-a-tree"), what="a directory moved in")
    assert len(notion.pages()) == notion.creates() == 24
    assert set(notion.ask(lambda emulator: emulator.journal.statuses())) == {"200"}


def test_what_is_no_log_is_left_alone(
    product: Product, notion: Notion, material: Material, wait: Wait, tmp_path: Path
) -> None:
    """Hidden, temporary and other files, symlinks and FIFOs never become pages, nor keep the daemon busy."""
    secret = tmp_path / "secret.md"
    secret.write_text("# not for Notion", encoding="utf-8")
    running = product.daemon()
    for name in (
        ".hidden.md",
        ".dir/a.md",
        "a.md~",
        "~$a.md",
        ".#a.md",
        "#a.md#",
        "a.md.swp",
        "a.txt",
        "a.markdown",
    ):
        product.write(name, "# no log")
    (product.logs / "link.md").symlink_to(secret)
    (product.logs / "linked").symlink_to(tmp_path)
    (product.logs / "round").symlink_to(product.logs)
    os.mkfifo(product.logs / "fifo.md")
    (product.logs / "directory.md").mkdir()
    product.write("last.md", material.execution("LAST"))
    wait(lambda: "last.md" in notion.pages(), what="the log behind them")
    ended, _ = running.stop()
    assert ended.code == 0
    assert product.call("backfill").code == 0
    assert notion.pages().keys() == {"last.md"}


def test_the_logs_directory_is_only_read(
    product: Product, notion: Notion, material: Material, wait: Wait
) -> None:
    """Nothing is written into the logs directory, nor touched in it."""
    for path, content in material.small_logs(10).items():
        product.write(path, content)
    before = product.listing()
    running = product.daemon()
    wait(lambda: notion.count() == 10, what="the pages")
    assert running.stop()[0].code == 0
    assert product.listing() == before


def test_a_burst_of_logs(product: Product, notion: Notion, material: Material, wait: Wait) -> None:
    """500 logs dropped at once all become pages, none twice."""
    _burst(product, notion, material, wait, count=500)


@pytest.mark.slow
def test_a_flood_of_logs(product: Product, notion: Notion, material: Material, wait: Wait) -> None:
    """10,000 logs dropped at once all become pages, none twice."""
    _burst(product, notion, material, wait, count=10_000)


def _burst(product: Product, notion: Notion, material: Material, wait: Wait, *, count: int) -> None:
    product.daemon()
    logs = material.small_logs(count)
    for path, content in logs.items():
        product.write(path, content)
    wait(lambda: notion.count() >= count, what=f"{count} pages", within=60 + count / 20)
    pages = notion.pages()
    assert pages.keys() == logs.keys()
    assert notion.creates() == count
    assert all(material.holds(pages[path], content) for path, content in logs.items())


def test_a_new_log_is_soon_there(product: Product, notion: Notion, material: Material, wait: Wait) -> None:
    """A log written into a quiet directory has its page although nothing is ever scanned again."""
    product.daemon({"AI_TRACES_RESCAN_SECONDS": "0"})
    for n in range(8):
        time.sleep(0.1)
        product.write(f"{n}.md", material.execution(f"T{n}", "text"))
        wait(lambda n=n: notion.count() > n, what="its page")


def test_the_logs_directory_may_come_later(
    product: Product, notion: Notion, material: Material, wait: Wait
) -> None:
    """Without a logs directory the daemon waits; it sees the directory come, and what is written then."""
    product.logs.rmdir()
    running = product.start("run")
    wait(lambda: '"daemon.ready"' in running.said(), what="the daemon is ready")
    told = product.call("status")
    assert told.code == 1
    assert "AI_TRACES_LOGS_DIR" in told.out
    product.write("first.md", material.execution("FIRST"))
    wait(lambda: notion.count() == 1, what="the log that came with it")
    wait(lambda: '"watch.started"' in running.said(), what="it watches")
    product.write("second.md", material.execution("SECOND"))
    wait(lambda: notion.count() == 2, what="the log after it")


def test_a_logs_directory_that_was_replaced(
    product: Product, notion: Notion, material: Material, wait: Wait
) -> None:
    """A directory that is renamed away and made anew is watched again."""
    product.write("a.md", material.execution("A"))
    product.daemon()
    wait(lambda: notion.count() == 1, what="the first page")
    product.logs.rename(product.home / "old")
    product.write("a.md", material.execution("A"))
    product.write("b.md", material.execution("B"))
    wait(lambda: notion.count() == 2, what="the log in the new directory")
    product.write("c.md", material.execution("C"))
    wait(lambda: notion.count() == 3, what="a log after that")
    assert notion.pages().keys() == {"a.md", "b.md", "c.md"}

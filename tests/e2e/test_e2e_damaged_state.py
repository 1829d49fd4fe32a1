"""A state that is damaged under the daemon at work: it ends, and the next start has lost nothing."""

import json
import sqlite3
from contextlib import closing

from sync.state.state_file import DATABASE_NAME
from tests.installed.material import Material
from tests.installed.patience import Wait
from tests.installed.product import Product
from tests.installed.served_notion import Notion


def test_damage_met_at_work_costs_a_start(
    product: Product, notion: Notion, material: Material, wait: Wait
) -> None:
    """The daemon ends with 1, and the next one knows every page again and makes none twice."""
    logs = material.small_logs(12)
    for path, content in logs.items():
        product.write(path, content)
    running = product.daemon()
    wait(lambda: running.said().count('"log.synced"') == len(logs), what="all pages, remembered")
    _damage_a_row(product)
    path, content = next(iter(logs.items()))
    logs[path] = content + b"\nOne line more.\n"
    product.write(path, logs[path])

    ended = running.ended()

    assert ended.code == 1
    assert "anew" in ended.err
    assert "Traceback" not in ended.err
    assert list(product.state.glob("*damaged*"))
    product.daemon()
    wait(lambda: material.holds(notion.pages()[path], logs[path]), what="the change")
    assert notion.count() == len(logs)


def test_a_backfill_says_what_to_do_about_damage(
    product: Product, notion: Notion, material: Material
) -> None:
    """It ends with 1 and says that it is to be run again; then all is in step, and no page was made twice."""
    logs = material.small_logs(3)
    for path, content in logs.items():
        product.write(path, content)
    assert product.call("backfill").code == 0
    _damage_a_row(product)

    first, second = product.call("backfill"), product.call("backfill", "--json")

    assert first.code == 1
    assert "ai-traces backfill" in first.err
    assert second.code == 0
    assert json.loads(second.out)["created"] == 0
    assert notion.count() == len(logs)


def _damage_a_row(product: Product) -> None:
    with closing(sqlite3.connect(product.state / DATABASE_NAME)) as connection, connection:
        connection.execute("UPDATE pages SET since = CAST(x'ff' AS TEXT), content_hash = NULL")

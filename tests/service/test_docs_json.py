"""The documentation of what commands print as JSON."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from daemon.backfill.tally import Summary
from daemon.verification.saved_words import SavedWords
from sync.comparison.differences import Findings
from sync.names import LogPath

DOCUMENT = Path(__file__).parents[2] / "docs" / "events.md"
NOTHING = Findings(
    missing=(), stale=(), edited=(), duplicate=(), orphaned=(), quarantined=(), trashed=(), pages={}
)


def _documented(command: str) -> list[str]:
    """Return the keys in the first column of the table below the heading of a command."""
    _, _, section = DOCUMENT.read_text(encoding="utf-8").partition(f"\n## `ai-traces {command} --json`\n")
    rows = re.findall(r"^\| (`[^|]*`) \|", section.partition("\n## ")[0], re.MULTILINE)
    return [key for row in rows for key in re.findall(r"`([a-z_]+)`", row)]


@pytest.mark.parametrize(
    ("command", "keys"),
    [
        ("backfill", {each.name for each in fields(Summary)}),
        ("verify", {*NOTHING.as_json(), "saved"}),
    ],
)
def test_the_tables_hold_every_key_and_no_other(command: str, keys: set[str]) -> None:
    """Whoever reads the object with a program finds each key explained, once."""
    assert sorted(_documented(command)) == sorted(keys)


def test_the_form_of_saved_words_is_told() -> None:
    """As are the keys of what is in the list."""
    text = DOCUMENT.read_text(encoding="utf-8")
    assert all(f"`{key}`" in text for key in SavedWords(LogPath("x.md"), "", "").as_json())


def test_what_every_object_may_hold_is_told() -> None:
    """Whatever ends a command early, a program finds explained what it prints then."""
    _, _, section = DOCUMENT.read_text(encoding="utf-8").partition("\n## However a command ends\n")
    assert all(f"`{key}`" in section.partition("\n## ")[0] for key in ("error", "what", "hint", "stopped"))
    assert "`mended`" in section

"""The skill folder: what Claude is told to do works."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon.authoring.composing import compose
from sync.tracelog.events import Event
from sync.tracelog.linting.linter import lint
from sync.tracelog.writing.entry import ENTRIES
from sync.tracelog.writing.writer import log_text, path_for

ROOT = Path(__file__).parents[2]
SKILL = ROOT / "deploy" / "skill" / "ai-traces" / "SKILL.md"
PAGES = (SKILL, ROOT / "docs" / "for-claude.md")
NOW = datetime(2026, 1, 10, 14, 30, tzinfo=UTC)


def test_the_folder_has_the_form_of_a_skill() -> None:
    """Its head has a name that is the folder's and a description that says when; neither is too long."""
    _, head, body = SKILL.read_text(encoding="utf-8").split("---\n", 2)
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    assert fields["name"] == SKILL.parent.name
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", fields["name"])
    assert "Use " in fields["description"]
    assert len(fields["description"]) <= 1024
    assert len(body.splitlines()) < 500


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_claude_is_shown_makes_clean_logs(page: Path) -> None:
    """Each call on the page, with its event and its JSON, gives a log that lint is content with."""
    calls = re.findall(
        r"^ai-traces new --event (\S+) --from-json - <<'JSON'\n(.*?)\nJSON$",
        page.read_text(encoding="utf-8"),
        re.DOTALL | re.MULTILINE,
    )
    assert calls
    for event, fields in calls:
        entry = compose(json.loads(fields), kind=Event(event).kind, now=NOW, named=str)
        assert lint(log_text(entry).encode(), path_for(entry), neighbours=None) == ()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_event_is_named(page: Path) -> None:
    """Claude finds the name of each event of the table When to Log."""
    text = page.read_text(encoding="utf-8")
    assert [event for event in Event if event not in text] == []


def test_the_table_of_events_is_whole() -> None:
    """Each event has a kind and a sentence, and each kind has its fields."""
    assert all(event.sentence and event.kind in ENTRIES for event in Event)

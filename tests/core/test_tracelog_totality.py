"""Whatever the bytes: a log, in reasonable time, and never an exception."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.names import LogPath
from sync.tracelog.model import SectionName, TraceLog
from sync.tracelog.parsing.parser import parse
from tests.worlds.reading import read

PIECES = st.sampled_from(
    [
        *"#*_`~[](){}<>|\\-+=:;.!&\n\r\t 0aé日\ufffd\x00\x1b",
        "# Execution Log: [X]\n",
        "# Exception: X\n",
        "## Tools Used\n- ",
        "## Outcome\n",
        "## Issues\n",
        "**ENV:** dev\n",
        "**Timestamp:** 2026-02-31T25:00:00+99:99\n",
        "**Timestamp:** 0001-01-01T00:00:00+14:00\n",
        "**STATE Transition:** PLAN -> ",
        "---\n",
        "```\n",
        "~~~markdown\n",
        "> ",
        "- ",
        "  1. ",
        "[a]: b\n",
        "[x] ",
        "https://e.org/_(",
        "www.",
        "a@b.co",
        "| a | b |\n|---|---|\n",
        "&amp;",
        "\n\n",
        "    ",
        "[Brief description]\n",
    ]
)


@given(content=st.binary(), path=st.text())
def test_parse_is_total_on_bytes(content: bytes, path: str) -> None:
    """Any bytes at any path are a log."""
    check(parse(content, LogPath(path), zone=UTC))


@given(pieces=st.lists(PIECES, max_size=60))
def test_parse_is_total_on_markdown(pieces: list[str]) -> None:
    """Whatever looks like markdown and like our format is a log."""
    check(read("".join(pieces)))


def check(log: TraceLog) -> None:
    """Assert what holds for every log."""
    lines = log.text.split("\n")
    log.text.encode()
    log.log_id.encode()
    assert log.log_id.strip()
    assert not {"\r", "\0"} & set(log.text)
    assert log.header_lines <= set(range(len(lines)))
    assert list(log.warnings) == sorted(log.warnings, key=lambda warning: (warning.line, warning.column))
    for warning in log.warnings:
        assert 1 <= warning.line <= len(lines)
        assert 1 <= warning.column <= len(lines[warning.line - 1]) + 1
    for section in log.sections:
        assert section.text in log.text or "```" in log.text or "~~~" in log.text
    if log.timestamp is not None and isinstance(log.timestamp, datetime):
        assert log.timestamp.utcoffset() is not None


@pytest.mark.parametrize(
    "piece", ["[", "![", "*", ">", "- ", "`", "www.", "https://a.b/(", "://", "a@b.co ", "|"]
)
def test_hostile_input_comes_to_an_end(piece: str) -> None:
    """One long line of markup, which takes some markdown parsers for ever, is a log like any other."""
    log = read("## Outcome\n" + piece * (1_000_000 // len(piece)))

    assert log.sections[0].name is SectionName.OUTCOME

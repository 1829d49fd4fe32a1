"""What Claude is shown as a good log is one."""

import re
from datetime import UTC
from pathlib import Path

from sync.names import LogPath
from sync.tracelog.parsing.parser import parse

DOCUMENT = Path(__file__).parents[2] / "docs" / "for-claude.md"


def test_the_examples_for_claude_keep_to_the_format() -> None:
    """Both sample logs, under the names that the page asks for, are parsed without a warning."""
    samples = re.findall(r"```markdown\n(.*?)```\n", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    paths = ("2026-01-10-TASK-42.md", "exceptions/2026-01-10-EXPORT-TIMEOUT.md")
    warnings = [
        parse(sample.encode(), LogPath(path), zone=UTC).warnings
        for sample, path in zip(samples, paths, strict=True)
    ]
    assert warnings == [(), ()]

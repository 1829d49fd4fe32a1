"""NO_COLOR: what is printed has no colours where nobody wants any."""

import io
import sys
from pathlib import Path

import pytest

from daemon.cli import main

LOG = "# Exception: X-1\n\n**Timestamp:** 2026-01-10T14:30:00Z\n**Severity:** ERROR\n**ENV:** dev\n"


class _Terminal(io.StringIO):
    """A terminal that can show colours."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.parametrize("trouble", [True, False])
def test_colours_are_left_out_where_nobody_wants_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, wanted: bool, trouble: bool
) -> None:
    """In what a command says, and in how it complains; else a terminal has them."""
    shown = _Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setenv("AI_TRACES_LOGS_DIR", str(tmp_path))
    if wanted:
        monkeypatch.delenv("NO_COLOR", raising=False)
    else:
        monkeypatch.setenv("NO_COLOR", "1")
    log = tmp_path / "exceptions" / "2026-01-10-X-1.md"
    if not trouble:
        log.parent.mkdir()
        log.write_text(LOG, encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["lint", str(log), "--fix"])
    assert ("✗" if trouble else "✓") in shown.getvalue()
    assert ("\x1b[" in shown.getvalue()) is wanted

"""Run the commands for patterns on a machine with logs, a contract and a state."""

import json
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from daemon.cli import group

SECRET = "ntn_" + "4Tq8Zr1Wm6Xc9Vb2Nk5Lp7Hd3Js0Gf8Ya4Ue6Ri"
FIX = "Set a time limit of 30 seconds on every call."
FEED = "The supplier feed timed out while the catalogue was fetched."
MAIL = "Customers received the shipping mail twice after a replay."

CONTRACT = (
    "# Claude Contract\r\n\r\n## 1. Missing Criticals Fallback\r\n- Ask when ENV is missing.\r\n\r\n"
    "## 2. Tool Usage Rules\r\nUse tools\fwith care.\r\n\r\n## 3. Logging\r\nWrite logs."
)
"""A contract with CRLF, a form feed and no final line end."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A machine on which Jen runs commands.

    Attributes:
        home: The directory of the logs, the contract and the state.
        env: The settings as variables; a test may change them.
    """

    home: Path
    env: dict[str, str]

    @property
    def contract(self) -> Path:
        """The file of the contract."""
        return self.home / "contract.md"

    @property
    def exceptions(self) -> Path:
        """The directory of exception logs."""
        return self.home / "logs" / "exceptions"

    @property
    def here(self) -> Path:
        """A directory to run commands in, for tests of relative paths."""
        return self.home / "here"

    def run(self, *arguments: str, stdin: str | None = None) -> Result:
        """Run a command and return its result."""
        return CliRunner().invoke(group, arguments, env=self.env, input=stdin)

    def told(self, *arguments: str, stdin: str | None = None) -> str:
        """Run a command that must succeed, and return its output."""
        result = self.run(*arguments, stdin=stdin)
        assert result.exit_code == 0, result.output
        return result.stdout_bytes.decode()

    def read(self, *arguments: str) -> dict[str, Any]:
        """Return the hand-off as parsed JSON."""
        return dict(json.loads(self.told("patterns", "--json", *arguments)))

    def bundle(self, *arguments: str) -> Path:
        """Make a bundle and return its folder."""
        return self.here / self.told("audit", *arguments).strip()

    def trouble(
        self,
        days: Sequence[int],
        text: str,
        *,
        section: str = "Tool Usage Rules",
        fix: str = FIX,
        cause: str = "Not known on day {day}.",
    ) -> None:
        """Write an exception log for each of these days."""
        for day in days:
            when = date(2026, 1, 1) + timedelta(days=day)
            name = re.sub(r"\W+", "-", text)[:20]
            (self.exceptions / f"{when}-{name}-{day}.md").write_text(
                f"# Exception: {name}-{day}\n\n**Timestamp:** {when}T10:00:00Z\n**Severity:** error\n\n"
                f"## What Happened\n{text}\n\n## Root Cause\n{cause.format(day=day)}\n\n"
                f"## Contract Reference\n{section}\n\n## Proposed Fix\n{fix}\n\n## Workaround Used\nNone\n"
            )

    def quiet(self, days: Sequence[int]) -> None:
        """Write an execution log without trouble for each of these days."""
        for day in days:
            when = date(2026, 1, 1) + timedelta(days=day)
            (self.home / "logs" / f"{when}-fine-{day}.md").write_text(
                f"# Execution Log: fine-{day}\n\n**Timestamp:** {when}T12:00:00Z\n**ENV:** dev\n"
                "**RISK:** low\n**STATE Transition:** PLAN → DRAFT\n\n## Task\nCount\n\n"
                "## Tools Used\n- abacus: counted\n\n## Outcome\nSuccess\n\n"
                "## Issues\nNone\n\n## Contract Gaps\nNone\n"
            )

    def apply(self, diff: str) -> None:
        """Apply the diff that the hand-off proposes to the contract, with git."""
        subprocess.run(
            ["git", "apply", "-"],
            cwd=self.home,
            input=diff.encode(),
            check=True,
            capture_output=True,
            env={"GIT_CEILING_DIRECTORIES": str(self.home.parent), "HOME": str(self.home)},
        )


def desk_in(home: Path, *, contract: str) -> Desk:
    """Make a desk with an empty logs directory."""
    desk = Desk(
        home,
        {
            "AI_TRACES_LOGS_DIR": str(home / "logs"),
            "AI_TRACES_STATE_DIR": str(home / "state"),
            "AI_TRACES_CONTRACT": str(home / "contract.md"),
            "XDG_CONFIG_HOME": str(home / "config"),
        },
    )
    desk.exceptions.mkdir(parents=True)
    desk.contract.write_bytes(contract.encode())
    return desk


def content_of(folder: Path) -> dict[str, bytes]:
    """Return the content of every file in a folder, by name."""
    return {each.name: each.read_bytes() for each in folder.iterdir()}

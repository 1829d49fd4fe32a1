"""`ai-traces audit`: what an outside auditor is given."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.worlds.desk import FEED, FIX, SECRET, Desk, content_of


def test_a_bundle_is_five_files_that_only_jen_may_read(desk: Desk) -> None:
    """In a folder named after the day of the newest log; its path is the result."""
    folder = desk.bundle()
    assert folder.name == "ai-traces-audit-2026-01-08"
    assert {each.name: each.stat().st_mode & 0o777 for each in folder.iterdir()} == dict.fromkeys(
        ("audit.md", "contract.md", "manifest.json", "proposal.diff", "records.jsonl"), 0o600
    )
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "audit.md").read_text().startswith("[HANDOFF TO PERPLEXITY]\n")


def test_a_second_run_on_another_machine_gives_the_same_bytes(desk: Desk, tmp_path: Path) -> None:
    """Files written in another order, in another directory, with another state; no clock, no path."""
    first = content_of(desk.bundle())
    assert content_of(desk.bundle()) == first
    other = tmp_path / "elsewhere"
    (other / "exceptions").mkdir(parents=True)
    for log in sorted((desk.exceptions).iterdir(), reverse=True):
        shutil.copyfile(log, other / "exceptions" / log.name)
    desk.env.update(AI_TRACES_LOGS_DIR=str(other), AI_TRACES_STATE_DIR=str(tmp_path / "state2"))
    second = content_of(desk.bundle("--output", "again"))
    assert second == first
    assert str(tmp_path).encode() not in b"".join(second.values())


def test_what_must_not_leave_is_nowhere_in_it(desk: Desk) -> None:
    """Neither from the logs nor from the contract; the manifest counts it, and names every file and log."""
    folder = desk.bundle("--include-singletons")
    everything = b"".join(content_of(folder).values()).decode()
    for planted in (SECRET[4:20], "jen@example.com", "/home/jen"):
        assert planted not in everything
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["redactions"] == [{"rule": "notion-token", "count": 9}]
    assert manifest["placeholders"] == {"EMAIL": 1, "HOME": 1}
    assert manifest["model"] is None
    assert {"last", "since", "cut", "include_singletons"} <= manifest["parameters"].keys()
    assert len(manifest["logs"]) == 8
    assert {each["name"] for each in manifest["files"]} == {each.name for each in folder.iterdir()} - {
        "manifest.json"
    }


def test_the_diff_applies_to_the_copy_with_git(desk: Desk) -> None:
    """So that the auditor can look at what would become of the contract."""
    folder = desk.bundle()
    before = (folder / "contract.md").read_text()
    subprocess.run(
        ["git", "apply", "proposal.diff"],
        cwd=folder,
        check=True,
        capture_output=True,
        env={
            "GIT_CEILING_DIRECTORIES": str(folder.parent),
            "HOME": str(desk.home),
            "PATH": os.environ["PATH"],
        },
    )
    after = (folder / "contract.md").read_text()
    assert re.sub(rf"- {re.escape(FIX)}(?: \(P-[0-9a-f]+\))+\n", "", after) == before


def test_a_bundle_changes_no_hand_off(desk: Desk) -> None:
    """Before the first one or after it: only an answer does."""
    desk.bundle()
    first = desk.told("patterns")
    shutil.rmtree(desk.home / "state")
    assert desk.told("patterns") == first
    desk.bundle()
    assert desk.told("patterns") == first


def test_it_says_when_there_is_nothing_to_audit(desk: Desk) -> None:
    """And how to hand over more; the folder is the result all the same, and nobody is sent to the auditor."""
    for log in sorted((desk.exceptions).iterdir())[1:]:
        log.unlink()
    result = desk.run("audit")
    assert (result.exit_code, result.stdout) == (0, "ai-traces-audit-2026-01-01\n")
    assert "There is nothing to audit" in result.stderr
    assert "--include-singletons" in result.stderr
    assert "More logs: --last 200" in desk.run("audit", "--last", "100").stderr
    assert "More logs: an earlier --since" in desk.run("audit", "--since", "2036-01-01").stderr
    assert "Give the auditor" not in result.stderr
    alone = desk.run("audit", "--include-singletons")
    assert alone.exit_code == 0
    assert "No pattern, 1 record of single runs. Give the auditor audit.md" in alone.stderr
    assert "audit import" not in alone.stderr


def test_nothing_is_written_when_a_secret_would_leave(desk: Desk) -> None:
    """It ends with 1 and names the record; an older bundle stays as it was."""
    older = content_of(desk.bundle("--output", "older"))
    desk.trouble([9], FEED)
    (log,) = (desk.exceptions).glob("2026-01-10-*")
    log.rename(log.with_name("2026-01-10-password=.md"))
    for arguments in ((), ("--output", "older")):
        result = desk.run("audit", *arguments)
        assert result.exit_code == 1
        assert result.stdout == ""
        assert "- exceptions/2026-01-10-password=.md:7\n" in result.stderr
    assert [each.name for each in desk.here.iterdir()] == ["older"]
    assert content_of(desk.here / "older") == older


@pytest.mark.parametrize(
    "arguments",
    [
        ["--last", "5", "import", "answer.md"],
        ["--top", "5", "import", "-"],
        ["--json", "import", "answer.md"],
        ["--last", "0"],
        ["--since", "yesterday"],
        ["--last", "5", "--since", "2026-01-01"],
        ["--contract", "nowhere.md"],
        ["--output", "../logs/audit"],
        ["--output", "../contract.md"],
        ["import", "nowhere.md"],
        ["import", "."],
        ["import"],
    ],
)
def test_what_cannot_be_used_ends_with_2(desk: Desk, arguments: list[str]) -> None:
    """And says what to write instead; nothing but the object of `--json` is printed, and nothing written."""
    result = desk.run("audit", *arguments)
    assert result.exit_code == 2, result.output
    assert list(json.loads(result.stdout)) == ["error"] if "--json" in arguments else result.stdout == ""
    assert result.stderr.strip()
    assert list(desk.here.iterdir()) == []


def test_the_json_of_a_bundle_has_its_files(desk: Desk) -> None:
    """With their hashes, the folder and the counts."""
    read = json.loads(desk.told("audit", "--json", "--last", "5"))
    assert (read["folder"], read["patterns"], read["records"], read["shortened"]) == (
        "ai-traces-audit-2026-01-08",
        2,
        5,
        False,
    )
    assert set(read["files"]) == {"audit.md", "contract.md", "proposal.diff", "records.jsonl"}

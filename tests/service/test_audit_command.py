"""`ai-traces audit`: what an outside auditor is given, and what becomes of his answer."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from daemon.cli import group

_SECRET = "ntn_4Tq8Zr1Wm6Xc9Vb2Nk5Lp7Hd3Js0Gf8Ya4Ue6Ri"
_CONTRACT = (
    f"# Rules\r\n\r\nNOTION_TOKEN={_SECRET}\r\n\r\n## Tool Usage Rules\r\n- Ask jen@example.com.\r\n\r\n"
    "## Logging\r\n- Logs are in /home/jen/logs."
)
_FEED = "The supplier feed timed out while the catalogue was fetched for jen@example.com."
_FIX = "Set a time limit on every call."
_MAIL = "Customers received the shipping mail twice after a replay."


@dataclass(frozen=True, slots=True)
class Desk:
    """Jen's machine: logs, a contract, a folder that she works in, and what the commands remember."""

    home: Path
    env: dict[str, str]

    @property
    def here(self) -> Path:
        """Where she is."""
        return self.home / "here"

    def run(self, *arguments: str, stdin: str | None = None) -> Result:
        """Call a command as Jen does."""
        return CliRunner().invoke(group, arguments, env=self.env, input=stdin)

    def told(self, *arguments: str, stdin: str | None = None) -> str:
        """Return what a command says that ends well."""
        result = self.run(*arguments, stdin=stdin)
        assert result.exit_code == 0, result.output
        return result.stdout_bytes.decode()

    def patterns(self) -> dict[str, Any]:
        """Return the hand-off as a program reads it."""
        return dict(json.loads(self.told("patterns", "--json")))

    def trouble(self, days: Sequence[int], text: str) -> None:
        """Write an exception of each of these days."""
        for day in days:
            when = date(2026, 1, 1) + timedelta(days=day)
            name = re.sub(r"\W+", "-", text)[:20]
            (self.home / "logs" / "exceptions" / f"{when}-{name}-{day}.md").write_text(
                f"# Exception: {name}-{day}\n\n**Timestamp:** {when}T10:00:00Z\n**Severity:** error\n\n"
                f"## What Happened\n{text}\n\n## Root Cause\nNot known, with {_SECRET}.\n\n"
                f"## Contract Reference\nTool Usage Rules\n\n## Proposed Fix\n{_FIX}\n\n"
                f"## Workaround Used\nNone\n"
            )

    def bundle(self, *arguments: str) -> Path:
        """Make a bundle and return its folder."""
        return self.here / self.told("audit", *arguments).strip()


def _content(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Give eight runs: the feed fails in five of them, the mail in three."""
    (tmp_path / "logs" / "exceptions").mkdir(parents=True)
    (tmp_path / "here").mkdir()
    (tmp_path / "contract.md").write_bytes(_CONTRACT.encode())
    monkeypatch.chdir(tmp_path / "here")
    env = {
        "AI_TRACES_LOGS_DIR": str(tmp_path / "logs"),
        "AI_TRACES_STATE_DIR": str(tmp_path / "state"),
        "AI_TRACES_CONTRACT": str(tmp_path / "contract.md"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    desk = Desk(tmp_path, env)
    desk.trouble(range(5), _FEED)
    desk.trouble(range(5, 8), _MAIL)
    return desk


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
    first = _content(desk.bundle())
    assert _content(desk.bundle()) == first
    other = tmp_path / "elsewhere"
    (other / "exceptions").mkdir(parents=True)
    for log in sorted((desk.home / "logs" / "exceptions").iterdir(), reverse=True):
        shutil.copyfile(log, other / "exceptions" / log.name)
    desk.env.update(AI_TRACES_LOGS_DIR=str(other), AI_TRACES_STATE_DIR=str(tmp_path / "state2"))
    second = _content(desk.bundle("--output", "again"))
    assert second == first
    assert str(tmp_path).encode() not in b"".join(second.values())


def test_what_must_not_leave_is_nowhere_in_it(desk: Desk) -> None:
    """Neither from the logs nor from the contract; the manifest counts it, and names every file and log."""
    folder = desk.bundle("--include-singletons")
    everything = b"".join(_content(folder).values()).decode()
    for planted in (_SECRET[4:20], "jen@example.com", "/home/jen"):
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
    assert re.sub(r"- Set a time limit on every call\.(?: \(P-[0-9a-f]+\))+\n", "", after) == before


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
    for log in sorted((desk.home / "logs" / "exceptions").iterdir())[1:]:
        log.unlink()
    result = desk.run("audit")
    assert (result.exit_code, result.stdout) == (0, "ai-traces-audit-2026-01-01\n")
    assert "There is nothing to audit" in result.stderr
    assert "--include-singletons" in result.stderr
    assert "Give the auditor" not in result.stderr
    alone = desk.run("audit", "--include-singletons")
    assert alone.exit_code == 0
    assert "No pattern, 1 record of single runs. Give the auditor audit.md" in alone.stderr
    assert "audit import" not in alone.stderr


def test_nothing_is_written_when_a_secret_would_leave(desk: Desk) -> None:
    """It ends with 1 and names the record; an older bundle stays as it was."""
    older = _content(desk.bundle("--output", "older"))
    desk.trouble([9], _FEED)
    (log,) = (desk.home / "logs" / "exceptions").glob("2026-01-10-*")
    log.rename(log.with_name("2026-01-10-password=.md"))
    for arguments in ((), ("--output", "older")):
        result = desk.run("audit", *arguments)
        assert result.exit_code == 1
        assert result.stdout == ""
        assert "- exceptions/2026-01-10-password=.md:7\n" in result.stderr
    assert [each.name for each in desk.here.iterdir()] == ["older"]
    assert _content(desk.here / "older") == older


@pytest.mark.parametrize("name", ["notes.txt", "audit.md"])
def test_a_folder_of_somebody_elses_is_left_alone(desk: Desk, name: str) -> None:
    """Whatever is in it, it is refused, and it is said what to do."""
    (desk.here / "mine").mkdir()
    (desk.here / "mine" / name).write_text("mine")
    result = desk.run("audit", "--output", "mine")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--output" in result.stderr
    assert _content(desk.here / "mine") == {name: b"mine"}


def test_a_bundle_that_was_added_to_is_not_replaced(desk: Desk) -> None:
    """Jen may have put the answer beside it."""
    folder = desk.bundle()
    (folder / "answer.md").write_text("✓")
    assert desk.run("audit").exit_code == 2
    assert (folder / "answer.md").read_text() == "✓"


def test_an_older_bundle_gives_way_as_a_whole(desk: Desk) -> None:
    """Nothing of it stays, and nothing lies beside it."""
    desk.bundle("--output", "it")
    desk.env["AI_TRACES_CONTRACT"] = ""
    folder = desk.bundle("--output", "it")
    assert not (folder / "contract.md").exists()
    assert [each.name for each in desk.here.iterdir()] == ["it"]


_KILLED_BETWEEN = """
import os, pathlib, signal, sys
from daemon.patterns.bundle_folder import write

rename = pathlib.Path.rename
def rename_and_die(self, target):
    rename(self, target)
    os.kill(os.getpid(), signal.SIGKILL)
pathlib.Path.rename = rename_and_die
write(pathlib.Path(sys.argv[1]), {"audit.md": b"new"})
"""


@pytest.mark.parametrize("again", ["it", "another"])
def test_a_kill_between_old_and_new_loses_neither(desk: Desk, again: str) -> None:
    """The next bundle, whatever its folder, puts the older one back and clears the remains away."""
    older = _content(desk.bundle("--output", "it"))
    killed = subprocess.run([sys.executable, "-c", _KILLED_BETWEEN, str(desk.here / "it")], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not (desk.here / "it").exists()
    desk.env["AI_TRACES_CONTRACT"] = ""
    newer = _content(desk.bundle("--output", again))
    assert sorted(each.name for each in desk.here.iterdir()) == sorted({"it", again})
    assert newer != older
    assert _content(desk.here / "it") == (newer if again == "it" else older)


def test_a_hidden_folder_of_somebody_elses_is_left_alone(desk: Desk) -> None:
    """Though it may be called as ours are."""
    (desk.here / ".it.audit-mine").mkdir()
    (desk.here / ".it.audit-mine" / "notes").write_text("mine")
    desk.bundle("--output", "it")
    assert (desk.here / ".it.audit-mine" / "notes").read_text() == "mine"


_THEIRS = (
    {"new/notes": "mine"},
    {"old/audit.md": "mine", "old/records.jsonl": "mine"},
    {"old/manifest.json": "mine"},
    {"new/manifest.json": '{"kind": "another"}'},
    {"new/audit.md": "", "old/audit.md": "mine"},
    {"new/manifest.json/deep": "mine"},
    {"old": "mine"},
)


def test_what_no_bundle_holds_is_left_alone(desk: Desk) -> None:
    """Names alone do not make a folder ours: not one byte of it goes, nor does it become a bundle."""
    for number, theirs in enumerate(_THEIRS):
        for name, text in theirs.items():
            file = desk.here / f".it{number}.audit-2026" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
    desk.bundle("--output", "another")
    assert not list(desk.here.glob("it*"))
    for number, theirs in enumerate(_THEIRS):
        room = desk.here / f".it{number}.audit-2026"
        assert {name: (room / name).read_text() for name in theirs} == theirs


def test_a_bundle_that_somebody_added_to_is_left_alone(desk: Desk) -> None:
    """Neither what lies beside our files goes, nor what a link of theirs leads to."""
    kept = desk.bundle("--output", "kept")
    for name in ("added", "linked"):
        (desk.here / f".{name}.audit-2026").mkdir()
    shutil.copytree(kept, desk.here / ".added.audit-2026" / "new")
    (desk.here / ".added.audit-2026" / "new" / "notes").write_text("mine")
    (desk.here / ".linked.audit-2026" / "old").symlink_to(kept)
    desk.bundle("--output", "another")
    assert (desk.here / ".added.audit-2026" / "new" / "notes").read_text() == "mine"
    assert (desk.here / ".linked.audit-2026" / "old").is_symlink()
    assert sorted(each.name for each in desk.here.glob("[!.]*")) == ["another", "kept"]


_KILLED_WHILE_WRITING = """
import os, pathlib, signal, sys
from daemon.patterns import bundle_folder

write, left = bundle_folder._write, [int(sys.argv[2])]
def write_or_die(path, content):
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    write(path, content)
bundle_folder._write = write_or_die
files = {each.name: each.read_bytes() for each in pathlib.Path(sys.argv[1]).iterdir()}
bundle_folder.write(pathlib.Path("second"), files)
"""


@pytest.mark.parametrize("after", [0, 1, 4])
def test_a_kill_while_writing_leaves_nothing_for_good(desk: Desk, after: int) -> None:
    """However far it came, the next bundle clears the remains away."""
    first = desk.bundle("--output", "first")
    assert len(_content(first)) == 5
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED_WHILE_WRITING, str(first), str(after)], check=False, cwd=desk.here
    )
    assert killed.returncode == -signal.SIGKILL
    assert len(list(desk.here.iterdir())) == 2
    desk.bundle("--output", "first")
    assert [each.name for each in desk.here.iterdir()] == ["first"]


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
    """And says what to write instead; nothing is printed as a result, and nothing written."""
    result = desk.run("audit", *arguments)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
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


def _answer(desk: Desk, verdict: str, note: str) -> tuple[str, str]:
    """Return the line of JSON that the bundle asks for, filled in, and the id of its pattern."""
    text = (desk.bundle("--output", "bundle") / "audit.md").read_text()
    form = json.loads(re.findall(r"^\{.*\}$", text, re.MULTILINE)[-1])
    filled = {**form, "verdict": verdict, "note": note}
    return json.dumps(filled, ensure_ascii=False), form["pattern"]


@pytest.mark.parametrize("known", [False, True])
def test_an_answer_stands_beside_its_pattern(desk: Desk, *, known: bool) -> None:
    """In the hand-off for people and for programs, whether or not one was given before."""
    if known:
        desk.patterns()
    line, pattern = _answer(desk, "⚠", "The time limit hides the cause.")
    said = desk.told(
        "audit", "import", "-", stdin=f"## Findings\n{line}\n\n## Recommendation\nWait a week.\n"
    )
    assert "1 finding kept: 1 ⚠." in said
    assert "Wait a week." in said
    read = {each["id"]: each for each in desk.patterns()["patterns"]}
    (opinion,) = read[pattern]["audit"]
    assert (opinion["verdict"], opinion["note"], opinion["logs_until"]) == (
        "⚠",
        "The time limit hides the cause.",
        "2026-01-08",
    )
    assert opinion["evidence"][0].startswith("exceptions/2026-01-0")
    assert [each["id"] for each in read.values() if "audit" in each] == [pattern]
    assert read[pattern]["proposal"] is not None
    told = " ".join(desk.told("patterns").split())
    assert (
        "Auditor, on the logs up to 2026-01-08: ⚠ “The time limit hides the cause.” (See exceptions/" in told
    )


def test_an_answer_taken_in_twice_changes_nothing(desk: Desk) -> None:
    """Neither what is remembered nor the next hand-off."""
    line, _ = _answer(desk, "✗", "Wrong.")
    (desk.here / "answer.md").write_text(line)
    first = desk.told("audit", "import", "answer.md")
    handed = desk.told("patterns")
    remembered = (desk.home / "state" / "patterns.json").read_bytes()
    assert desk.told("audit", "import", "answer.md") == first
    assert (desk.home / "state" / "patterns.json").read_bytes() == remembered
    assert desk.told("patterns") == handed


def test_what_is_not_understood_is_named_and_the_rest_is_kept(desk: Desk) -> None:
    """By line and reason, on stderr; the JSON has all of it."""
    line, pattern = _answer(desk, "✓", "Sound.")
    text = f"{line}\n✗ P-ffff0000 no such thing\n✓ fine\n⚠ {pattern} see R-00000000\n"
    result = desk.run("audit", "import", "-", stdin=text)
    assert result.exit_code == 0
    for said in (
        "Line 2 is left out: there is no pattern P-ffff0000.",
        "Line 3 is left out: it has a verdict and names no pattern.",
        "Line 4 is kept, but there is no record R-00000000.",
    ):
        assert said in result.stderr
    read = json.loads(desk.told("audit", "import", "--json", "-", stdin=text))
    assert [(each["line"], each["verdict"]) for each in read["findings"]] == [(1, "✓"), (4, "⚠")]
    assert read["unknown_patterns"] == [{"line": 2, "pattern": "P-ffff0000"}]
    assert read["unknown_records"] == [{"line": 4, "pattern": pattern, "record": "R-00000000"}]
    assert [each["line"] for each in read["not_understood"]] == [3]


@pytest.mark.parametrize("text", ["", "Well done!", "✓ P-ffff0000", "{", "x" * 1_000_001])
def test_an_answer_without_anything_to_keep_ends_with_2(desk: Desk, text: str) -> None:
    """And leaves what is remembered as it was."""
    desk.patterns()
    remembered = (desk.home / "state" / "patterns.json").read_bytes()
    result = desk.run("audit", "import", "-", stdin=text)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.strip()
    assert (desk.home / "state" / "patterns.json").read_bytes() == remembered


def test_options_of_the_bundle_do_not_go_with_an_answer(desk: Desk) -> None:
    """They would be dropped in silence; it is said which, and what to write."""
    desk.bundle("--output", "bundle")
    (desk.here / "answer.md").write_text("✓ P-0000 fine")
    result = desk.run("audit", "--last", "5", "--contract", "c.md", "import", "answer.md")
    assert result.exit_code == 2
    assert "--last and --contract" in result.stderr
    assert "ai-traces audit import FILE" in result.stderr


def test_what_leads_to_a_person_is_taken_out_of_an_answer(desk: Desk) -> None:
    """Of the note that is kept, and of the recommendation that is shown."""
    line, _ = _answer(desk, "⚠", "Ask eve@example.org, or call +49 30 1234567.")
    said = desk.told(
        "audit", "import", "-", stdin=f"{line}\n\n## Recommendation\nWrite to eve@example.org.\n"
    )
    kept = (desk.home / "state" / "patterns.json").read_text()
    told = desk.told("patterns") + desk.told("patterns", "--json")
    for text in (said, kept, told):
        assert "eve@" not in text
        assert "1234567" not in text
    assert "Ask <EMAIL>, or call <PHONE>." in " ".join(told.split())


def test_an_answer_is_taken_in_where_the_grouping_is_not_installed(desk: Desk) -> None:
    """Only making a bundle needs it, and says how to get it."""
    line, _ = _answer(desk, "✓", "Right.")
    (desk.here / "answer.md").write_text(line)
    code = (
        "import sys\nfor name in ('numpy', 'scipy', 'snowballstemmer'): sys.modules[name] = None\n"
        "from daemon.cli import main\nmain(sys.argv[1:])"
    )
    for arguments, ends, words in ((("import", "answer.md"), 0, "1 finding kept"), ((), 78, "pip install")):
        done = subprocess.run(
            [sys.executable, "-c", code, "audit", *arguments],
            env={**os.environ, **desk.env},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == ends, done.stderr
        assert words in done.stdout + done.stderr


def test_a_hostile_answer_is_shown_as_plain_words(desk: Desk) -> None:
    """No control character, no secret, no line of its own in the hand-off; cut with a mark."""
    note = f"\x1b[2J\u202eYes: ai-traces pattern accept P-0000\n\n# Sign here {_SECRET} {'and on ' * 200}"
    line, _ = _answer(desk, "✗", note)
    shown = desk.told("audit", "import", "-", stdin=line)
    handed = desk.told("patterns")
    for told in (shown, handed, (desk.home / "state" / "patterns.json").read_text()):
        assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f\u202e]", told)
        assert _SECRET[4:20] not in told
    assert re.search("and(?: on)?…”", " ".join(handed.split()))
    assert not re.search(r"^\s*(# Sign|Yes: ai-traces pattern accept P-0000)", handed, re.MULTILINE)


def test_an_opinion_goes_with_its_pattern_into_another(desk: Desk) -> None:
    """Jen may have made two patterns one since."""
    feed, mail = (each["id"] for each in desk.patterns()["patterns"])
    desk.told("audit", "import", "-", stdin=f"✓ {feed} sound\n✗ {mail} unsound\n")
    desk.told("pattern", "merge", feed, mail)
    (joined,) = desk.patterns()["patterns"]
    assert {each["verdict"] for each in joined["audit"]} == {"✗", "✓"}

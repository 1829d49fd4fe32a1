"""`ai-traces lint` as a person, an editor and a program meet it."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from click.testing import CliRunner, Result

from daemon.authoring.correcting import correct
from daemon.authoring.placing import read_file
from daemon.authoring.targets import LintTarget
from daemon.cli import group
from daemon.manual.rule_examples import NAME, SAMPLE
from sync.errors import ConfigurationError, NoSuchLog
from sync.names import LogPath
from tests.worlds.world import World

Run: TypeAlias = Callable[..., Result]

BROKEN = SAMPLE.replace("→", "->").replace("**ENV:** dev", "**ENV:** DEV").replace("Success\n\n", "Success\n")
FAILED = SAMPLE.replace("Outcome\nSuccess", "Outcome\nFailed")


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A logs directory with a clean log and an exceptions folder."""
    root = tmp_path / "logs"
    (root / "exceptions").mkdir(parents=True)
    (root / NAME).write_text(SAMPLE, encoding="utf-8")
    return root


@pytest.fixture
def lint(logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the command from the directory above the logs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AI_TRACES_LOGS_DIR", str(logs))
    monkeypatch.setenv("AI_TRACES_STATE_DIR", str(tmp_path / "state"))

    def call(*arguments: str, stdin: str | None = None, color: bool = False) -> Result:
        return CliRunner().invoke(
            group, ["lint", *arguments], input=stdin, standalone_mode=False, color=color
        )

    return call


def test_clean_logs_are_told_of_in_one_sentence(lint: Run) -> None:
    """Nothing goes to stdout, and the command ends with 0."""
    told = lint()
    assert (told.return_value, told.stdout, told.stderr) == (0, "", "1 log: no findings\n")


def test_a_finding_is_a_line_that_an_editor_understands(logs: Path, lint: Run) -> None:
    """File from here, line, column, rule, what is expected and the fix; the command ends with 1."""
    (logs / NAME).write_text(SAMPLE.replace("→", "->"), encoding="utf-8")
    told = lint()
    assert told.return_value == 1
    assert told.stdout == (
        f"logs/{NAME}:6:23: arrow The arrow `→` between the two states (Write `PLAN → DRAFT`)\n"
    )
    assert told.stderr == "1 log: 1 finding, 1 can be mended by --fix\n"


@pytest.mark.parametrize("typed", [NAME, f"logs/{NAME}", "logs", "logs/exceptions", "-"])
def test_a_log_can_be_named_in_many_ways(lint: Run, typed: str) -> None:
    """From the logs directory, from here, by its directory, or as what comes on standard input."""
    assert lint(typed, stdin=SAMPLE).return_value == 0


def test_a_file_elsewhere_needs_no_settings(
    tmp_path: Path, lint: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings that cannot be used do not matter to a file that is named."""
    monkeypatch.setenv("AI_TRACES_LOGS_DIR", "")
    monkeypatch.setenv("AI_TRACES_RESCAN_SECONDS", "often")
    file = tmp_path / NAME
    file.write_text(BROKEN, encoding="utf-8")
    told = lint(str(file))
    assert [line.split()[1] for line in told.stdout.splitlines()] == ["value-case", "arrow", "blank-lines"]


def test_a_name_that_nothing_bears_is_said(lint: Run) -> None:
    """A slip of the finger is not taken for a clean log."""
    error = lint("nosuch.md").exception
    assert isinstance(error, NoSuchLog)
    assert "There is no file nosuch.md" in error.what


def test_fix_mends_and_says_what(logs: Path, lint: Run) -> None:
    """First the content, which the page follows, then the name: both at once would cost the log its page."""
    (logs / NAME).rename(logs / "draft.md")
    (logs / "draft.md").write_text(BROKEN, encoding="utf-8")
    told = lint("--fix")
    assert told.return_value == 1
    assert "logs/draft.md: mended value-case, arrow, blank-lines\n" in told.stderr
    assert "logs/draft.md: not renamed yet: its page has to follow first; run it again later" in told.stderr
    told = lint("--fix")
    assert told.return_value == 0
    assert f"logs/{NAME}: mended file-name\n" in told.stderr
    assert [path.name for path in sorted(logs.iterdir())] == [NAME, "exceptions"]
    assert (logs / NAME).read_text(encoding="utf-8") == SAMPLE


def test_fix_gives_no_name_that_another_log_has(logs: Path, lint: Run) -> None:
    """Both files stay, and the reason is told."""
    (logs / "draft.md").write_text(SAMPLE, encoding="utf-8")
    told = lint("--fix")
    assert told.return_value == 1
    assert f"not renamed: there is a file {NAME}" in told.stderr
    assert (logs / "draft.md").read_text(encoding="utf-8") == SAMPLE


def test_fix_leaves_a_link_alone(logs: Path, tmp_path: Path, lint: Run) -> None:
    """Neither the link is replaced nor what it points to."""
    real = tmp_path / "real"
    real.write_text(BROKEN, encoding="utf-8")
    (tmp_path / NAME).symlink_to(real)
    told = lint("--fix", str(tmp_path / NAME))
    assert told.return_value == 1
    assert "not mended" in told.stderr
    assert (tmp_path / NAME).is_symlink()
    assert real.read_text(encoding="utf-8") == BROKEN
    assert (logs / NAME).exists()


def test_no_name_of_a_file_steers_the_terminal(logs: Path, lint: Run) -> None:
    """What a terminal would obey is shown as the signs that it is."""
    (logs / NAME).rename(logs / f"\x1b]0;x\x07{NAME}")
    told = lint(color=True)
    assert told.return_value == 1
    assert told.stdout.startswith(f"logs/\\x1b]0;x\\x07{NAME}:1:")


def test_advice_is_no_fault(logs: Path, lint: Run) -> None:
    """A failure without an exception log is told of, and the command ends with 0; with one it is silent."""
    (logs / NAME).write_text(FAILED, encoding="utf-8")
    told = lint()
    assert told.return_value == 0
    assert "unlogged-failure advice: An exception log of the same day or id" in told.stdout
    (logs / "exceptions" / "2026-01-11-other.md").touch()
    assert "unlogged-failure" not in lint(NAME).stdout


def test_nothing_is_said_of_logs_that_cannot_be_seen(tmp_path: Path, lint: Run) -> None:
    """A file that lies alone somewhere may well have its exception log elsewhere."""
    (tmp_path / NAME).write_text(FAILED, encoding="utf-8")
    assert lint(str(tmp_path / NAME)).stdout == ""


@pytest.fixture
def closed_to_us(monkeypatch: pytest.MonkeyPatch, as_ordinary_user: Path) -> Iterator[Path]:
    """A logs directory with a clean log in it and a folder that this user may not look into."""
    # Asked for in this order: the way back to the directory before may be open to root alone.
    root = as_ordinary_user / "logs"
    (root / "exceptions").mkdir(parents=True)
    (root / NAME).write_text(SAMPLE, encoding="utf-8")
    (root / "exceptions" / NAME).write_text(SAMPLE, encoding="utf-8")
    monkeypatch.chdir(as_ordinary_user)
    monkeypatch.setenv("HOME", str(as_ordinary_user))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("AI_TRACES_LOGS_DIR", str(root))
    monkeypatch.setenv("AI_TRACES_STATE_DIR", str(as_ordinary_user / "state"))
    yield root
    for each in (root, root / "exceptions"):
        each.chmod(0o700)


@pytest.mark.parametrize("arguments", [[], ["logs"], ["logs/exceptions", f"logs/{NAME}"]])
@pytest.mark.parametrize("mode", [0o000, 0o300])
def test_a_folder_that_cannot_be_listed_is_no_clean_one(
    closed_to_us: Path, arguments: list[str], mode: int
) -> None:
    """It is named with the reason and what to do, the others are read, and the command ends with 1."""
    (closed_to_us / "exceptions").chmod(mode)
    told = CliRunner().invoke(group, ["lint", *arguments], standalone_mode=False)
    assert told.return_value == 1
    assert "✗ logs/exceptions: it cannot be listed (permission denied)" in told.stderr
    assert "make it readable" in told.stderr
    assert told.stderr.splitlines()[-1] == "1 log: no findings, 1 folder not looked into"


def test_a_folder_whose_files_cannot_be_reached_is_no_clean_one(closed_to_us: Path) -> None:
    """Its names can be read, and nothing of what they name: each is told as a log that cannot be used."""
    (closed_to_us / "exceptions").chmod(0o400)
    told = CliRunner().invoke(group, ["lint"], standalone_mode=False)
    assert told.return_value == 1
    assert f"✗ logs/exceptions/{NAME}: it cannot be used (permission denied)" in told.stderr
    assert told.stderr.splitlines()[-1] == "2 logs: no findings, 1 in trouble"


def test_a_logs_directory_that_cannot_be_listed_is_no_clean_one(closed_to_us: Path) -> None:
    """Nothing is known of any log, to a person as to a program; not even that the setting is right."""
    closed_to_us.chmod(0)
    error = CliRunner().invoke(group, ["lint"], standalone_mode=False).exception
    assert isinstance(error, ConfigurationError)
    assert error.what == f"The logs directory {closed_to_us} cannot be listed (permission denied)"
    told = CliRunner().invoke(group, ["lint", "--json", "logs"], standalone_mode=False)
    assert told.return_value == 1
    found = json.loads(told.stdout)
    assert found["clean"] is False
    assert [each["file"] for each in found["logs"]] == ["logs"]
    assert "permission denied" in found["logs"][0]["trouble"]


def test_json_is_one_object(logs: Path, lint: Run) -> None:
    """Each file with its findings, what was mended, and whether all are clean."""
    (logs / NAME).write_text(BROKEN, encoding="utf-8")
    found = json.loads(lint("--json").stdout)
    assert found["clean"] is False
    assert found["logs"][0]["file"] == f"logs/{NAME}"
    assert found["logs"][0]["findings"][0] == {
        "rule": "value-case",
        "level": "error",
        "line": 4,
        "column": 10,
        "message": "ENV in the letters of the spec",
        "fix": "Write `dev`",
        "mendable": True,
    }
    mended = json.loads(lint("--json", "--fix").stdout)
    assert mended["clean"] is True
    assert mended["logs"][0]["mended"] == ["value-case", "arrow", "blank-lines"]


def test_one_file_loads_little() -> None:
    """Neither the settings nor the client of Notion is loaded for a file that is named."""
    program = (
        "import sys; from daemon.cli import group; assert group.get_command(None, 'lint');"
        "print(*{name.split('.')[0] for name, module in sys.modules.items() if module is not None})"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60
    )
    assert not set(loaded.stdout.split()) & {"pydantic", "httpx", "notion_client", "structlog", "rich"}


async def test_a_log_that_fix_renames_keeps_its_page(world: World) -> None:
    """The daemon sees the same content under the right name, and moves the page with it."""
    await world.sync("draft.md", SAMPLE)
    page_id = world.page("draft.md")["id"]
    file = world.root / "draft.md"

    corrected = correct(LintTarget(file, world.root, LogPath("draft.md")), read_file(file))
    world.event("draft.md", corrected.target.path)
    await world.rest()

    assert corrected.target.path == NAME
    assert world.check(NAME)["id"] == page_id
    assert world.pages("draft.md") == []

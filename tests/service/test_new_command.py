"""`ai-traces new` as Claude meets it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import pytest
from click.testing import CliRunner, Result

from daemon.cli import group
from sync.names import LogPath
from sync.tracelog.events import Event
from sync.tracelog.linting.linter import lint
from sync.tracelog.model import Kind, Tool
from sync.tracelog.parsing.parser import parse

Run: TypeAlias = Callable[..., Result]

EXECUTION = {
    "id": "TASK-42",
    "timestamp": "2026-01-10T23:30:00-02:00",
    "env": "dev",
    "risk": "low",
    "state_transition": "PLAN -> DRAFT",
    "task": "Move the export.",
    "tools": ["Bash: `make test`, 41 passed", {"name": "Read", "result": "3 files"}],
    "outcome": "Success",
    "issues": ["The first run timed out"],
}
EXCEPTION = {
    "id": "EXPORT-TIMEOUT",
    "timestamp": "2026-01-10T14:30:00Z",
    "env": "dev",
    "severity": "error",
    "what_happened": "It stopped after 60 s.",
    "root_cause": "The region.",
    "contract_reference": "Tool Usage Rules",
    "proposed_fix": "Retry once.",
}


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A logs directory that was just made."""
    root = tmp_path / "logs"
    root.mkdir()
    return root


@pytest.fixture
def new(logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the command, with JSON on standard input when there is some."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AI_TRACES_LOGS_DIR", str(logs))
    monkeypatch.setenv("AI_TRACES_STATE_DIR", str(tmp_path / "state"))

    def call(*arguments: str, fields: object = None) -> Result:
        stdin = None if fields is None else json.dumps(fields)
        source = () if fields is None else ("--from-json", "-")
        return CliRunner().invoke(group, ["new", *arguments, *source], input=stdin)

    return call


def test_a_log_is_written_and_its_path_printed(new: Run, logs: Path) -> None:
    """It lies where the spec has it, by its day in UTC, and lint has nothing to say against it."""
    told = new("execution", fields=EXECUTION)
    file = logs / "2026-01-11-TASK-42.md"
    assert (told.exit_code, told.stdout, told.stderr) == (0, f"{file}\n", "")
    assert lint(file.read_bytes(), LogPath(file.name), neighbours=None) == ()
    assert [path.name for path in logs.iterdir()] == [file.name]


def test_options_give_the_same_log_as_json(new: Run, logs: Path) -> None:
    """Each field has an option, lists by repetition, and an option wins over JSON."""
    assert new("execution", fields=EXECUTION).exit_code == 0
    flags = [
        *("--id", "FLAGS", "--timestamp", "2026-01-10T23:30:00-02:00", "--env", "DEV", "--risk", "Low"),
        *("--state-transition", "plan → draft", "--task", "Move the export.", "--outcome", "success"),
        *("--tool", "Bash: `make test`, 41 passed", "--tool", "Read: 3 files"),
        *("--issue", "The first run timed out"),
    ]
    assert new("execution", *flags).exit_code == 0
    assert new("execution", "--id", "BOTH", fields=EXECUTION).exit_code == 0
    first, second, third = (
        (logs / f"2026-01-11-{log_id}.md").read_text(encoding="utf-8").replace(log_id, "ID")
        for log_id in ("TASK-42", "FLAGS", "BOTH")
    )
    assert first == second == third


def test_an_exception_has_its_folder_made(new: Run, logs: Path) -> None:
    """The folder comes with the first exception."""
    told = new("exception", fields=EXCEPTION)
    file = logs / "exceptions" / "2026-01-10-EXPORT-TIMEOUT.md"
    assert told.stdout == f"{file}\n"
    log = parse(file.read_bytes(), LogPath(f"exceptions/{file.name}"), zone=UTC)
    assert (log.kind, log.log_id, log.warnings) == (Kind.EXCEPTION, "EXPORT-TIMEOUT", ())


@pytest.mark.parametrize("event", Event)
def test_an_event_picks_the_kind(new: Run, logs: Path, event: Event) -> None:
    """The table When to Log says which log is written; the other kind is refused."""
    fields = EXECUTION if event.kind is Kind.EXECUTION else EXCEPTION
    env = {"env": "prod"} if event is Event.PROD_DEPLOYMENT else {}
    assert new("--event", event.value, fields={**fields, **env}).exit_code == 0
    other = Kind.EXCEPTION if event.kind is Kind.EXECUTION else Kind.EXECUTION
    assert new(other.lower(), "--event", event.value, fields=fields).exit_code == 2
    assert len(list(logs.rglob("*.md"))) == 1


def test_a_deployment_to_prod_happens_in_prod(new: Run) -> None:
    """Another ENV contradicts the event; none is needed."""
    without = {name: value for name, value in EXECUTION.items() if name != "env"}
    refused = new("--event", "prod-deployment", fields=EXECUTION)
    assert (refused.exit_code, "happens in prod, and dev was given" in refused.stderr) == (2, True)
    assert new("--event", "prod-deployment", fields=without).exit_code == 0


def test_a_log_that_exists_is_not_written_over(new: Run, logs: Path) -> None:
    """The second time ends with 2 and says which file is in the way."""
    new("execution", fields=EXECUTION)
    before = (logs / "2026-01-11-TASK-42.md").read_bytes()
    told = new("execution", "--task", "Another", fields=EXECUTION)
    assert told.exit_code == 2
    assert "2026-01-11-TASK-42.md exists already" in told.stderr
    assert (logs / "2026-01-11-TASK-42.md").read_bytes() == before


def test_all_problems_are_told_at_once(new: Run, logs: Path) -> None:
    """What is missing, wrong or misspelt has a line each, by the name that was used; nothing is written."""
    told = new("execution", "--id", "a/b", "--env", "production", "--severity", "error", "--tool", "Bash")
    assert told.exit_code == 2
    lines = told.stderr.splitlines()[1:]
    assert [line.split()[0].strip(":") for line in lines] == [
        *("--id", "--env", "--risk", "--state-transition", "--task", "--tool", "--outcome", "--severity"),
    ]
    told = new("exception", fields={**EXCEPTION, "root_caus": "x"})
    assert "root_caus is no field of this kind of log; did you mean root_cause?" in told.stderr
    assert list(logs.iterdir()) == []


@pytest.mark.parametrize("text", ["", "[]", "{", '"x"', "[" * 100_000, '{"id": "\\ud800"}'])
def test_json_that_is_no_log_is_refused(new: Run, tmp_path: Path, text: str) -> None:
    """Whatever comes, the command ends with 2 and a sentence."""
    (tmp_path / "in.json").write_text(text, encoding="utf-8")
    told = new("exception", "--from-json", str(tmp_path / "in.json"))
    assert told.exit_code == 2
    assert told.stderr.startswith("Error: Nothing was written.")


def test_without_a_kind_it_says_what_to_write(new: Run) -> None:
    """There is no guessing which kind is meant."""
    told = new()
    assert told.exit_code == 2
    assert "ai-traces new execution" in told.stderr


def test_now_is_the_default_time(new: Run, logs: Path) -> None:
    """A log without a timestamp is of this moment, in UTC."""
    before = datetime.now(UTC) - timedelta(seconds=1)
    new("execution", fields={name: value for name, value in EXECUTION.items() if name != "timestamp"})
    file = next(logs.iterdir())
    log = parse(file.read_bytes(), LogPath(file.name), zone=UTC)
    assert isinstance(log.timestamp, datetime)
    assert before <= log.timestamp <= datetime.now(UTC)
    assert log.tools == (Tool("Bash", "make test, 41 passed"), Tool("Read", "3 files"))


def test_a_list_and_a_text_are_asked_for_in_plain_words(new: Run) -> None:
    """Whoever gives something else in JSON is told what to give, not what a program calls it."""
    told = new("execution", fields={**EXECUTION, "issues": "one", "task": 1.5, "tools": {"Read": "x"}})
    assert told.exit_code == 2
    assert "issues: write a list of texts" in told.stderr
    assert "tools: write a list of texts" in told.stderr
    assert "task: write a text" in told.stderr


def test_a_missing_logs_directory_is_not_made(new: Run, logs: Path) -> None:
    """A wrong setting does not scatter logs: it says what is missing, and how to make it."""
    logs.rmdir()
    told = new("execution", fields=EXECUTION)
    assert "There is no logs directory" in str(told.exception)
    assert not logs.exists()


@pytest.mark.parametrize("kind", ["execution", "exception"])
def test_the_schema_is_what_is_taken(new: Run, kind: str) -> None:
    """It names each field with its meaning, and asks for no timestamp; no log is written for it."""
    schema = json.loads(new(kind, "--schema").stdout)
    assert schema["type"] == "object"
    assert "timestamp" in schema["properties"]
    assert "timestamp" not in schema["required"]
    assert all(field["description"] for field in schema["properties"].values())
    fields = EXECUTION if kind == "execution" else EXCEPTION
    assert set(schema["required"]) <= set(fields) <= set(schema["properties"])

"""`ai-traces patterns --model`: better words where a model has them, and the same hand-off in any case."""

import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from daemon.cli import group
from daemon.config.secret import Secret
from daemon.patterns.model import Model, NoWording
from sync.errors import StateUnusable
from tests.worlds.model_standin import KEY, MODEL, Standin, served

_SECRET = "ntn_" + "9Lm3Qa7Ws1Ed5Rf8Tg2Yh6Uj4Ik0Ol9Pz3Xc7Vb"
_FEED = "The supplier feed timed out while the catalogue was fetched"
_FIX = "Set a time limit of 30 seconds on every call of the supplier feed."
_BETTER = "Give every call of the supplier feed a time limit of 30 seconds."


def _better(asked: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [
        {"id": each["id"], "proposal": _BETTER, "name": "The supplier feed is slow for the catalogue"}
        for each in asked
    ]


@dataclass(frozen=True, slots=True)
class Desk:
    """Jen's machine, with a model in reach."""

    home: Path
    env: dict[str, str | None]
    model: Standin

    def run(self, *arguments: str, **env: str | None) -> Result:
        """Call a command as Jen does."""
        result = CliRunner().invoke(group, arguments, env={**self.env, **env})
        assert KEY not in result.output
        assert not any(
            KEY in file.read_text() for file in (self.home / "state").glob("*.json") if file.is_file()
        )
        return result

    def patterns(self, *arguments: str, **env: str | None) -> Result:
        """Ask for the hand-off, which comes in any case."""
        result = self.run("patterns", *arguments, **env)
        assert (result.exit_code, result.exception) == (0, None)
        return result


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give five runs that met one trouble, one with a secret and an address, and a contract."""
    logs = tmp_path / "logs" / "exceptions"
    logs.mkdir(parents=True)
    (tmp_path / "contract.md").write_bytes(b"# Contract\r\n\r\n## Tool Usage Rules\r\n- Use tools with care.")
    for day in range(5):
        when = date(2026, 1, 1) + timedelta(days=day)
        what = f"{_FEED}. Told bob@example.org in /home/bob/feed with {_SECRET}." if day == 4 else f"{_FEED}."
        (logs / f"{when}-feed.md").write_text(
            f"# Exception: feed-{day}\n\n**Timestamp:** {when}T10:00:00Z\n**Severity:** error\n\n"
            f"## What Happened\n{what}\n\n## Root Cause\nUnknown\n\n"
            f"## Contract Reference\nTool Usage Rules\n\n## Proposed Fix\n{_FIX}\n"
        )
    model = Standin(_better)
    with served(model) as address:
        env: dict[str, str | None] = {
            "AI_TRACES_LOGS_DIR": str(tmp_path / "logs"),
            "AI_TRACES_STATE_DIR": str(tmp_path / "state"),
            "AI_TRACES_CONTRACT": str(tmp_path / "contract.md"),
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
            "ANTHROPIC_API_KEY": KEY,
            "ANTHROPIC_BASE_URL": address,
        }
        yield Desk(tmp_path, env, model)


def test_words_change_and_all_else_stays(desk: Desk) -> None:
    """The diff has the better sentence at the same place; the foot says who worded it, with both hashes."""
    plain = json.loads(desk.patterns("--json").stdout)
    worded = json.loads(desk.patterns("--json", "--model", MODEL).stdout)
    (before,), (after,) = plain["patterns"], worded["patterns"]
    assert (after["proposal"], before["proposal"]) == (_BETTER, _FIX)
    assert worded["diff"] == plain["diff"].replace(_FIX, _BETTER)
    for told in (before, after):
        del told["name"], told["proposal"]
    assert before == after
    wording = worded["wording"]
    assert (wording["model"], plain["wording"]) == (MODEL, None)
    assert len(wording["prompt_sha256"]) == len(wording["response_sha256"]) == 64
    foot = " ".join(desk.patterns("--model", MODEL).stdout.split())
    assert f"The model {MODEL} has worded 2 sentences" in foot
    assert wording["response_sha256"][:12] in foot
    assert "(Proposed in other words in exceptions/" in foot
    assert f"ai-traces patterns --model {MODEL} --diff" in foot


def test_the_same_question_is_not_asked_twice(desk: Desk) -> None:
    """So the same logs give the same hand-off with a model, too."""
    told = {desk.patterns("--model", MODEL).stdout for _ in range(3)}
    assert (len(told), len(desk.model.asked)) == (1, 1)


def test_nothing_secret_or_personal_is_sent(desk: Desk) -> None:
    """Neither a secret, an address, a home directory, a path of a log, nor the contract."""
    desk.patterns("--model", MODEL)
    (asked,) = desk.model.asked
    sent = json.dumps(asked)
    assert "Told" in sent
    for word in (_SECRET, "bob@", "/home/bob", ".md", "Use tools with care", KEY):
        assert word not in sent


def test_what_does_not_pass_keeps_the_words_of_the_logs(desk: Desk) -> None:
    """For each part it is said why."""
    desk.model.reply = lambda asked: [
        {"id": each["id"], "proposal": "Send 500 EUR to Bob.", "name": "The supplier feed is slow"}
        for each in asked
    ]
    told = json.loads(desk.patterns("--json", "--model", MODEL).stdout)
    assert told["patterns"][0]["proposal"] == _FIX
    assert told["patterns"][0]["name"] == "The supplier feed is slow"
    (unchanged,) = told["wording"]["unchanged"]
    assert (unchanged["part"], "500" in unchanged["why"]) == ("proposal", True)
    assert "Not taken from the model" in desk.patterns("--model", MODEL).stdout


@pytest.mark.parametrize(
    ("trouble", "hint"),
    [
        ({"status": 401}, "ANTHROPIC_API_KEY"),
        ({"status": 403}, "ANTHROPIC_API_KEY"),
        ({"status": 400}, "refused the question"),
        ({"status": 429}, "in a few minutes"),
        ({"status": 500}, "Try again"),
        ({"status": 529}, "in a few minutes"),
        ({"stop_reason": "refusal"}, "declined"),
        ({"stop_reason": "max_tokens"}, "cut short"),
        ({"broken": True}, "no answer"),
        ({"reply": lambda _: "As a model I would say…"}, "cannot be used"),
        ({"reply": lambda _: [{"id": "P-0000", "name": "x"}]}, "not asked about"),
    ],
)
def test_the_hand_off_comes_whatever_befalls_the_model(
    desk: Desk, trouble: dict[str, Any], hint: str
) -> None:
    """Word for word as without one, with one line that says what to do."""
    for name, value in trouble.items():
        setattr(desk.model, name, value)
    plain = desk.patterns().stdout
    result = desk.patterns("--model", MODEL)
    assert result.stdout == plain
    assert result.stderr.count("\n") == 1
    assert hint in result.stderr
    assert "in the words of the logs" in result.stderr


@pytest.mark.parametrize(
    ("env", "model", "hint"),
    [
        ({"ANTHROPIC_API_KEY": None}, MODEL, "Set ANTHROPIC_API_KEY"),
        ({"ANTHROPIC_API_KEY": " two words "}, MODEL, "Copy it again"),
        ({"ANTHROPIC_BASE_URL": "http://127.0.0.1:9"}, MODEL, "cannot be reached"),
        ({}, "words-2", "There is no model words-2"),
    ],
)
def test_what_is_not_set_right_is_said(desk: Desk, env: dict[str, str | None], model: str, hint: str) -> None:
    """No key, a wrong one, no network, no such model: the hand-off comes."""
    result = desk.patterns("--model", model, **env)
    assert result.stdout == desk.patterns().stdout
    assert hint in result.stderr


def test_without_the_extra_it_is_said_how_to_install_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the hand-off comes."""
    plain = desk.patterns().stdout
    monkeypatch.setitem(sys.modules, "anthropic", None)
    result = desk.patterns("--model", MODEL)
    assert result.stdout == plain
    assert f"{sys.executable} -m pip install 'anthropic" in result.stderr


def test_an_extra_that_is_broken_is_said_to_be(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it raises when it is loaded, the hand-off comes."""
    broken = desk.home / "broken" / "anthropic.py"
    broken.parent.mkdir()
    broken.write_text("raise TypeError('no')\n")
    monkeypatch.delitem(sys.modules, "anthropic", raising=False)
    monkeypatch.syspath_prepend(broken.parent)
    result = desk.patterns("--model", MODEL)
    assert "cannot be loaded (TypeError)" in result.stderr


@pytest.mark.parametrize("address", ["ftp://127.0.0.1", "http://[", "http://127.0.0.1:99999"])
def test_an_address_that_is_none_is_no_trouble(desk: Desk, address: str) -> None:
    """The hand-off comes, with one line."""
    result = desk.patterns("--model", MODEL, ANTHROPIC_BASE_URL=address)
    assert result.stdout == desk.patterns().stdout
    assert result.stderr.count("\n") == 1


def test_a_state_that_cannot_be_written_is_said(desk: Desk) -> None:
    """What Jen is shown must be remembered, or her yes would be to something else."""
    desk.patterns()
    (desk.home / "state" / "wording.json").mkdir()
    result = desk.run("patterns", "--model", MODEL)
    assert isinstance(result.exception, StateUnusable)


def test_a_model_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A time-out ends the waiting, and says so."""
    model = Standin(_better, silent=threading.Event())
    with served(model) as address:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", address)
        with pytest.raises(NoWording, match="in time"):
            Model(name=MODEL, key=Secret(KEY), seconds=0.2, attempts=0).answer("[]", instructions="")


def test_what_jen_says_yes_to_is_what_she_read(desk: Desk) -> None:
    """The sentence that a model had worded is the one that goes into the contract, with no model at hand."""
    pattern = json.loads(desk.patterns("--json", "--model", MODEL).stdout)["patterns"][0]["id"]
    assert desk.run("pattern", "accept", pattern).exit_code == 0
    diff = desk.home / "change.diff"
    desk.patterns("--diff", str(diff), ANTHROPIC_API_KEY=None)
    assert _BETTER in diff.read_text()
    assert _FIX not in diff.read_text()


def test_what_she_read_last_counts(desk: Desk) -> None:
    """A hand-off in the words of the logs between the model's and her yes is what she said yes to."""
    pattern = json.loads(desk.patterns("--json", "--model", MODEL).stdout)["patterns"][0]["id"]
    desk.patterns()
    assert desk.run("pattern", "accept", pattern).exit_code == 0
    diff = desk.home / "change.diff"
    desk.patterns("--diff", str(diff))
    assert _FIX in diff.read_text()
    desk.patterns("--diff", str(diff), "--model", MODEL)
    assert _FIX in diff.read_text()


def test_a_damaged_memory_of_words_is_no_trouble(desk: Desk) -> None:
    """The model is asked again."""
    first = desk.patterns("--model", MODEL).stdout
    for damage in ("", "{", "[1]", '{"answered": [1], "shown": {"P-1": 3}}'):
        (desk.home / "state" / "wording.json").write_text(damage)
        assert desk.patterns("--model", MODEL).stdout == first
    assert len(desk.model.asked) == 5

"""`ai-traces patterns` and `pattern`: what keeps breaking, what Jen decides, and whether it helped."""

import json
import os
import re
import stat
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from daemon.cli import group
from daemon.patterns.registry_file import registry_file
from sync.errors import StateUnusable
from sync.patterns.remembering.decisions import answer
from sync.patterns.remembering.memory import Answer

_CONTRACT = (
    "# Claude Contract\r\n\r\n## 1. Missing Criticals Fallback\r\n- Ask when ENV is missing.\r\n\r\n"
    "## 2. Tool Usage Rules\r\nUse tools\fwith care.\r\n\r\n## 3. Logging\r\nWrite logs."
)
_FIX = "Set a time limit of 30 seconds on every call."
_SECRET = "ntn_" + "4Tq8Zr1Wm6Xc9Vb2Nk5Lp7Hd3Js0Gf8Ya4Ue6Ri"


@dataclass(frozen=True, slots=True)
class Desk:
    """Jen's machine: logs, a contract, and what the command remembers."""

    home: Path
    env: dict[str, str]

    @property
    def contract(self) -> Path:
        """The contract of these tests."""
        return self.home / "contract.md"

    def run(self, *arguments: str) -> Result:
        """Call a command as Jen does."""
        return CliRunner().invoke(group, arguments, env=self.env)

    def told(self, *arguments: str) -> str:
        """Return what a command says that ends well."""
        result = self.run(*arguments)
        assert result.exit_code == 0, result.output
        return result.stdout_bytes.decode()

    def read(self, *arguments: str) -> dict[str, Any]:
        """Return the hand-off as a program reads it."""
        return dict(json.loads(self.told("patterns", "--json", *arguments)))

    def trouble(
        self, days: Sequence[int], text: str, *, section: str = "Tool Usage Rules", fix: str = _FIX
    ) -> None:
        """Write an exception of each of these days."""
        for day in days:
            when = date(2026, 1, 1) + timedelta(days=day)
            name = re.sub(r"\W+", "-", text)[:20]
            file = self.home / "logs" / "exceptions" / f"{when}-{name}-{day}.md"
            file.write_text(
                f"# Exception: {name}-{day}\n\n**Timestamp:** {when}T10:00:00Z\n**Severity:** error\n\n"
                f"## What Happened\n{text}\n\n## Root Cause\nNot known on day {day}.\n\n"
                f"## Contract Reference\n{section}\n\n## Proposed Fix\n{fix}\n\n## Workaround Used\nNone\n"
            )

    def quiet(self, days: Sequence[int]) -> None:
        """Write an execution without trouble of each of these days."""
        for day in days:
            when = date(2026, 1, 1) + timedelta(days=day)
            (self.home / "logs" / f"{when}-fine-{day}.md").write_text(
                f"# Execution Log: fine-{day}\n\n**Timestamp:** {when}T12:00:00Z\n**ENV:** dev\n"
                "**RISK:** low\n**STATE Transition:** PLAN → DRAFT\n\n## Task\nCount\n\n"
                "## Tools Used\n- abacus: counted\n\n## Outcome\nSuccess\n\n"
                "## Issues\nNone\n\n## Contract Gaps\nNone\n"
            )

    def apply(self, diff: str) -> None:
        """Change the contract as the hand-off proposes, with git."""
        subprocess.run(
            ["git", "apply", "-"],
            cwd=self.home,
            input=diff.encode(),
            check=True,
            capture_output=True,
            env={"GIT_CEILING_DIRECTORIES": str(self.home.parent), "HOME": str(self.home)},
        )


FEED = "The supplier feed timed out while the catalogue was fetched."
MAIL = "Customers received the shipping mail twice after a replay."


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Give an empty logs directory and a contract that has CRLF, a form feed and no final line end."""
    (tmp_path / "logs" / "exceptions").mkdir(parents=True)
    (tmp_path / "contract.md").write_bytes(_CONTRACT.encode())
    env = {
        "AI_TRACES_LOGS_DIR": str(tmp_path / "logs"),
        "AI_TRACES_STATE_DIR": str(tmp_path / "state"),
        "AI_TRACES_CONTRACT": str(tmp_path / "contract.md"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    return Desk(tmp_path, env)


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Give the same with twelve runs: the feed fails in five of them, the mail in three."""
    desk.trouble(range(5), FEED)
    desk.trouble(range(5, 8), MAIL, section="the part about mails", fix="Ask before a replay.")
    desk.quiet(range(8, 12))
    return desk


def test_a_hand_off_has_all_that_was_agreed(busy: Desk) -> None:
    """The tag, what was read, the pattern, the diff, and the number that the next one checks."""
    told = busy.told("patterns")
    assert told.startswith("[HANDOFF TO JEN]\n")
    assert "the last 12 runs together, 2026-01-01 to 2026-01-12" in told
    assert "5 of the last 12 runs; expect at most 1 in the next 12" in told
    assert "Yes: ai-traces pattern accept P-" in told
    assert "--- a/contract.md\n+++ b/contract.md\n" in told


def test_every_quote_stands_where_it_is_said_to_stand(busy: Desk) -> None:
    """Path, line and date lead to the very words."""
    told = " ".join(busy.told("patterns").split())
    place = r"(\S+\.md):(\d+) \((\d{4}-\d\d-\d\d)\)"
    quotes = re.findall(rf"- ({place}: “.*?”(?:; the same in {place}(?:, {place})*)?)", told)
    cited = [
        (*where, quote)
        for each in quotes
        for where in re.findall(place, each[0])
        for quote in re.findall("“(.*?)”", each[0])
    ]
    assert len(cited) >= 6
    for path, line, day, quote in cited:
        lines = (busy.home / "logs" / path).read_text().split("\n")
        assert quote in lines[int(line) - 1]
        assert day in path


def test_the_json_has_the_agreed_shape(busy: Desk) -> None:
    """Names and kinds of all values; the feed has a place, the mail has none."""
    read = busy.read()
    assert {"window", "patterns", "diff", "unplaced"} <= read.keys()
    feed, mail = read["patterns"]
    agreed = "id name count runs rate first last severity members section proposal expected tentative mixed"
    assert set(agreed.split()) <= feed.keys()
    assert (feed["count"], feed["runs"], feed["severity"], feed["tentative"]) == (5, 5, "error", True)
    assert (feed["section"], feed["proposal"]) == ("2. Tool Usage Rules", _FIX)
    assert feed["expected"] == "5 of the last 12 runs; expect at most 1 in the next 12"
    assert feed["members"][0]["text"] == FEED.rstrip(".")
    assert feed["members"][0]["line"] == 7
    assert mail["section"] is None
    assert read["unplaced"][0]["id"] == mail["id"]
    assert len(read["unplaced"][0]["nearest"]) == 2


def test_the_diff_applies_and_the_contract_is_left_alone(busy: Desk) -> None:
    """Byte for byte, as git does it; the command itself changes nothing."""
    read = busy.read()
    assert busy.contract.read_bytes() == _CONTRACT.encode()
    busy.apply(read["diff"])
    rule = f"\r\n\r\n- {_FIX} ({read['patterns'][0]['id']})"
    assert busy.contract.read_bytes() == _CONTRACT.replace("care.", f"care.{rule}").encode()


def test_the_same_logs_give_the_same_hand_off(busy: Desk, tmp_path: Path) -> None:
    """Read again, read by another machine, and whatever came in between that decides nothing."""
    first = busy.told("patterns")
    assert busy.told("patterns") == first
    assert busy.told("patterns") == first
    busy.env["AI_TRACES_STATE_DIR"] = str(tmp_path / "elsewhere")
    assert busy.told("patterns") == first


def test_a_no_is_heard_until_it_happens_twice_as_often(busy: Desk) -> None:
    """The pattern stays in sight, the proposal does not come back before."""
    pattern = busy.read()["patterns"][0]["id"]
    busy.told("pattern", "reject", pattern)
    busy.trouble(range(20, 24), FEED)
    kept_away = busy.read()["patterns"][0]
    assert (kept_away["id"], kept_away["runs"], kept_away["proposal"]) == (pattern, 9, None)
    busy.trouble([24], FEED)
    back = busy.read()["patterns"][0]
    assert (back["id"], back["runs"], back["proposal"]) == (pattern, 10, _FIX)


def test_a_yes_stays_in_the_diff_until_the_contract_has_it(busy: Desk) -> None:
    """Then it is asked no more."""
    pattern = busy.read()["patterns"][0]["id"]
    busy.told("pattern", "accept", pattern)
    agreed = busy.read()
    assert agreed["patterns"][0]["agreed"]
    busy.apply(agreed["diff"])
    after = busy.read()
    assert (after["diff"], after["patterns"][0]["proposal"]) == ("", None)


@pytest.mark.parametrize(("again", "standing"), [(0, "kept"), (1, "kept"), (2, "missed")])
def test_the_next_hand_off_checks_what_was_expected(busy: Desk, again: int, standing: str) -> None:
    """Before and after the change, against the number that was promised; nobody needs to have said yes."""
    busy.apply(busy.read()["diff"])
    busy.trouble(range(40, 40 + again), FEED)
    busy.quiet(range(50, 62 - again))
    (kept,) = [each for each in busy.read()["kept"] if each["as_proposed"]]
    assert (kept["before"], kept["after"]) == ({"runs": 5, "of": 12}, {"runs": again, "of": 12})
    assert (kept["at_most"], kept["standing"]) == (1, standing)
    assert f"after 2026-01-12 {again} of 12" in busy.told("patterns")


def test_what_no_log_can_word_is_asked_of_jen(desk: Desk) -> None:
    """A command is no rule: she is asked for one, and once she has written it, it is checked as any other."""
    command = "failed (exit_code=1): bash -lc 'rg --files -g contract.md'"
    desk.trouble(range(4), command, fix="None")
    desk.quiet(range(4, 12))
    told = desk.told("patterns")
    assert "1 rule that only you can word" in " ".join(told.split())
    assert "What should Claude do about this?" in " ".join(told.split())
    read = desk.read()
    (pattern,) = read["patterns"]
    assert (pattern["proposal"], read["diff"]) == (None, "")
    assert pattern["expected"] == "4 of the last 12 runs; expect at most 1 in the next 12"
    (unplaced,) = read["unplaced"]
    assert (unplaced["id"], unplaced["proposal"]) == (pattern["id"], None)
    assert unplaced["nearest"] == ["2. Tool Usage Rules"]
    desk.contract.write_text(f"{_CONTRACT}\n- Look for the tool first. ({pattern['id']})\n")
    desk.quiet(range(50, 62))
    after = desk.read()
    (kept,) = after["kept"]
    assert (kept["id"], kept["as_proposed"], kept["standing"]) == (pattern["id"], True, "kept")
    assert after["unplaced"] == []


def test_what_jen_wants_no_rule_for_is_not_asked_again(desk: Desk) -> None:
    """A no is a no, whoever was to find the words."""
    desk.trouble(range(4), "failed (exit_code=1): bash -lc ls", fix="None")
    desk.told("pattern", "reject", desk.read()["patterns"][0]["id"])
    told = desk.told("patterns")
    assert "What should Claude do" not in told
    assert "nothing for you to decide" in " ".join(told.split())


def test_too_few_runs_are_no_verdict(busy: Desk) -> None:
    """Half the way it is only on course."""
    busy.apply(busy.read()["diff"])
    assert busy.read()["kept"] == []
    busy.quiet(range(50, 55))
    (kept,) = [each for each in busy.read()["kept"] if each["as_proposed"]]
    assert kept["standing"] == "on course"
    assert "So far it holds. It may still be chance." in busy.told("patterns")


def test_a_trend_compares_with_the_hand_off_before(busy: Desk) -> None:
    """Not with the same one given again."""
    busy.read()
    busy.trouble(range(20, 26), FEED)
    for _ in range(2):
        trend = busy.read()["patterns"][0]["trend"]
        assert trend == {"direction": "rising", "before_runs": 5, "before_of": 12}


def test_what_jen_calls_joins_and_parts_stays_so(busy: Desk) -> None:
    """By the ids and the places that the hand-off shows."""
    feed, mail = (each["id"] for each in busy.read()["patterns"])
    member = busy.read()["patterns"][0]["members"][0]
    busy.told("pattern", "rename", feed, "The feed is slow")
    busy.told("pattern", "split", feed, f"{member['path']}:{member['line']}")
    parted = busy.read()["patterns"]
    assert (parted[0]["name"], parted[0]["runs"]) == ("The feed is slow", 4)
    busy.told("pattern", "merge", feed, mail.lower())
    (joined,) = busy.read()["patterns"]
    assert (joined["id"], joined["runs"]) == (feed, 7)


@pytest.mark.parametrize("count", [0, 1, 2, 9])
def test_few_logs_are_told_as_what_they_are(desk: Desk, count: int) -> None:
    """Nothing, nothing twice, and then a first tentative pattern."""
    desk.trouble(range(count), FEED)
    read = desk.read()
    assert read["window"]["runs"] == count
    assert len(read["patterns"]) == (count > 1)
    assert bool(read["diff"]) == (count > 2)
    assert all(each["tentative"] for each in read["patterns"])
    assert "[HANDOFF TO JEN]" in desk.told("patterns")


def test_without_a_contract_it_is_said_how_to_name_one(busy: Desk) -> None:
    """The patterns and the proposals are there, a diff is not."""
    busy.env["AI_TRACES_CONTRACT"] = ""
    told = busy.told("patterns")
    assert "AI_TRACES_CONTRACT" in told
    assert "--contract" in told
    assert _FIX in told
    assert "```diff" not in told


def test_at_most_so_many_changes_are_asked_for(busy: Desk) -> None:
    """The others wait, and are not lost."""
    assert [each["proposal"] is not None for each in busy.read("--top", "1")["patterns"]] == [True, False]
    assert busy.read("--top", "0")["diff"] == ""


def test_no_secret_is_shown_wherever_it_stands(desk: Desk) -> None:
    """In what happened, in the fix, in the name of a log, in the contract around the place of a change."""
    desk.trouble(
        range(3), f"The call with {_SECRET} was refused.", fix=f"Do not use {_SECRET}. Ask before a call."
    )
    desk.contract.write_text(f"# Tool Usage Rules\nNOTION_TOKEN={_SECRET}\n")
    told = desk.told("patterns")
    assert _SECRET[4:20] not in told + desk.told("patterns", "--json")
    assert _SECRET[4:20] not in (desk.home / "state" / "patterns.json").read_text()
    assert "what looks like a secret" in " ".join(told.split())


def test_nothing_in_a_log_can_speak_to_the_terminal(desk: Desk) -> None:
    """Control characters and what reverses the direction of writing are left out."""
    desk.contract.write_text("# Tool Usage Rules\n")
    desk.trouble(range(3), "Red \x1b[31malert\x07 and \u202eback\u200b again", fix="Stay \x1b[0m calm.")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u200b\u202e]", desk.told("patterns"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["patterns", "--last", "0"],
        ["patterns", "--since", "yesterday"],
        ["patterns", "--last", "5", "--since", "2026-01-01"],
        ["patterns", "--contract", "nowhere.md"],
        ["patterns", "--contract", "."],
        ["patterns", "--output", "."],
        ["pattern", "accept", "P-ffff"],
        ["pattern", "accept"],
        ["pattern", "split", "P-ffff", "x.md"],
        ["pattern", "merge", "P-ffff", "P-eeee"],
    ],
)
def test_what_cannot_be_used_ends_with_2(busy: Desk, arguments: list[str]) -> None:
    """And says what to write instead; nothing is printed as a result."""
    busy.told("patterns")
    result = busy.run(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.strip()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--last", "many"], "many is no whole number, 1 or more"),
        (["--top", "-1"], "-1 is no whole number, 0 or more"),
        (["--since", "yesterday"], "yesterday is no day; write it as 2026-01-10"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_could(busy: Desk, arguments: list[str], told: str) -> None:
    """In words of a person, not of a program."""
    assert told in busy.run("patterns", *arguments).stderr


def test_a_hand_off_never_lands_among_the_logs(busy: Desk) -> None:
    """There it would be taken for a log, and read the next time."""
    result = busy.run("patterns", "--output", str(busy.home / "logs" / "handoff.md"))
    assert result.exit_code == 2
    assert not (busy.home / "logs" / "handoff.md").exists()


def test_files_have_what_would_have_been_printed(busy: Desk) -> None:
    """The hand-off in one, the diff in another."""
    told = busy.told("patterns")
    diff = busy.read()["diff"]
    output, changes = busy.home / "out.txt", busy.home / "change.diff"
    assert busy.told("patterns", "--output", str(output), "--diff", str(changes)) == ""
    assert output.read_bytes().decode() == told
    assert changes.read_bytes().decode() == diff


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_files_that_she_asks_for_are_hers_to_share(busy: Desk, umask: int, mode: int) -> None:
    """They follow the umask, as those of any program, and keep their mode; what is remembered is private."""
    before = os.umask(umask)
    try:
        for _ in range(2):
            busy.told("patterns", "--output", str(busy.home / "out.txt"), "--diff", str(busy.home / "c.diff"))
        files = [busy.home / "out.txt", busy.home / "c.diff"]
        assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [mode, mode]
        files[0].chmod(0o640)
        busy.told("patterns", "--output", str(files[0]))
        assert stat.S_IMODE(files[0].stat().st_mode) == 0o640
    finally:
        os.umask(before)
    assert stat.S_IMODE((busy.home / "state" / "patterns.json").stat().st_mode) == 0o600


def test_what_is_no_file_is_written_to_and_stays(busy: Desk) -> None:
    """A pipe gets the text; it does not become a file, as /dev/null would under root."""
    told, pipe = busy.told("patterns"), busy.home / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        busy.told("patterns", "--output", str(pipe))
        assert os.read(reader, 1_000_000).decode() == told
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("command", ["patterns", "audit"])
def test_links_in_a_circle_cannot_be_written(busy: Desk, command: str) -> None:
    """It is said as of any other place that cannot be written to."""
    circle = busy.home / "circle"
    circle.symlink_to(circle)
    result = busy.run(command, "--output", str(circle))
    assert result.exit_code == 2
    assert f"{circle} cannot be " in result.stderr
    assert "Too many levels of symbolic links" in result.stderr


def test_a_yes_is_told_what_comes_next(busy: Desk) -> None:
    """How to apply the diff only where there is one with the change in it."""
    feed, mail = (each["id"] for each in busy.read()["patterns"])
    assert "git apply change.diff" in busy.told("pattern", "accept", feed)
    unplaced = busy.told("pattern", "accept", mail)
    assert "git apply" not in unplaced
    assert "with the pattern's id behind it" in unplaced
    busy.env["AI_TRACES_CONTRACT"] = ""
    busy.read()
    without = busy.told("pattern", "accept", feed)
    assert "git apply" not in without
    assert "ai-traces patterns --contract FILE" in without
    busy.read("--contract", str(busy.contract))
    assert "ai-traces patterns --contract FILE --diff change.diff" in busy.told("pattern", "accept", feed)


def test_a_memory_that_cannot_be_read_is_kept_aside(busy: Desk) -> None:
    """It is said, and the hand-off is given as for the first time."""
    first = busy.told("patterns")
    memory = busy.home / "state" / "patterns.json"
    memory.write_text("{")
    result = busy.run("patterns")
    assert (result.exit_code, result.stdout_bytes.decode()) == (0, first)
    assert "patterns.json.damaged" in result.stderr
    assert memory.with_name("patterns.json.damaged").read_text() == "{"


def test_a_window_since_a_day_leaves_older_logs_out(busy: Desk) -> None:
    """As UTC counts the days."""
    assert busy.read("--since", "2026-01-06")["window"]["runs"] == 7
    assert busy.read("--last", "2")["window"]["runs"] == 2


def test_an_id_is_known_by_its_digits_and_nearly_right_ones_are_offered(busy: Desk) -> None:
    """With P- or without, whatever the case; a slip of the pen decides nothing."""
    pattern = busy.read()["patterns"][0]["id"]
    busy.told("pattern", "accept", pattern.removeprefix("P-").upper())
    assert busy.read()["patterns"][0]["agreed"]
    slip = f"{pattern[:-1]}{'0' if pattern[-1] != '0' else '1'}"
    result = busy.run("pattern", "reject", slip)
    assert (result.exit_code, f"Did you mean {pattern}?" in result.stderr) == (2, True)
    assert busy.read()["patterns"][0]["agreed"]


def test_a_log_is_split_off_with_all_that_it_tells(busy: Desk) -> None:
    """Named by its path; what is no member, no log or no line of it is refused, and nothing is changed."""
    pattern = busy.read()["patterns"][0]
    member = pattern["members"][0]
    for wrong in ("nowhere.md", f"{member['path']}:999", "nowhere.md:7"):
        assert busy.run("pattern", "split", pattern["id"], wrong).exit_code == 2
    everything = [each["path"] for each in pattern["members"]]
    assert busy.run("pattern", "split", pattern["id"], *everything).exit_code == 2
    assert busy.read()["patterns"][0]["runs"] == 5
    busy.told("pattern", "split", pattern["id"], member["path"])
    assert busy.read()["patterns"][0]["runs"] == 4


def test_a_name_is_given_back_to_the_logs(busy: Desk) -> None:
    """By an empty one."""
    pattern = busy.read()["patterns"][0]
    busy.told("pattern", "rename", pattern["id"], "Mine")
    busy.told("pattern", "rename", pattern["id"], "")
    assert busy.read()["patterns"][0]["name"] == pattern["name"]


def test_a_state_directory_that_cannot_be_used_is_told(busy: Desk) -> None:
    """With 78, as everywhere."""
    (busy.home / "state").write_text("in the way")
    result = busy.run("patterns")
    assert isinstance(result.exception, StateUnusable)
    assert "AI_TRACES_STATE_DIR" in result.exception.hint


def test_the_contract_may_change_in_another_way(busy: Desk) -> None:
    """Then the figures before and after are told, and nothing is claimed."""
    busy.read()
    busy.contract.write_bytes(_CONTRACT.encode() + b"\n\nAnother rule.\n")
    busy.quiet(range(50, 62))
    told = busy.told("patterns")
    assert "but not as was proposed for this" in told
    assert "Before 5 of 12 runs; after 2026-01-12 0 of 12." in told


def test_two_at_once_wait_for_each_other(busy: Desk) -> None:
    """No decision is lost to another one that is made meanwhile."""
    feed, mail = (each["id"] for each in busy.read()["patterns"])
    with ThreadPoolExecutor() as pool:
        with registry_file(busy.home / "state", note=lambda _: None) as file:
            second = pool.submit(_reject, busy.home / "state", mail)
            registry = file.read()
            file.write(registry.deciding(answer(registry.memory, feed, Answer.REJECTED, runs=5)))
        second.result(timeout=30)
    assert [each["proposal"] for each in busy.read()["patterns"]] == [None, None]


def _reject(state_dir: Path, pattern: str) -> None:
    with registry_file(state_dir, note=lambda _: None) as file:
        registry = file.read()
        file.write(registry.deciding(answer(registry.memory, pattern, Answer.REJECTED, runs=3)))

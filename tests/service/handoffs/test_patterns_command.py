"""`ai-traces patterns`: what keeps breaking, and what is proposed against it."""

import re
from pathlib import Path

import pytest

from tests.worlds.desk import CONTRACT, FEED, FIX, SECRET, Desk


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
    assert (feed["section"], feed["proposal"]) == ("2. Tool Usage Rules", FIX)
    assert feed["expected"] == "5 of the last 12 runs; expect at most 1 in the next 12"
    assert feed["members"][0]["text"] == FEED.rstrip(".")
    assert feed["members"][0]["line"] == 7
    assert mail["section"] is None
    assert read["unplaced"][0]["id"] == mail["id"]
    assert len(read["unplaced"][0]["nearest"]) == 2


def test_the_diff_applies_and_the_contract_is_left_alone(busy: Desk) -> None:
    """Byte for byte, as git does it; the command itself changes nothing."""
    read = busy.read()
    assert busy.contract.read_bytes() == CONTRACT.encode()
    busy.apply(read["diff"])
    rule = f"\r\n\r\n- {FIX} ({read['patterns'][0]['id']})"
    assert busy.contract.read_bytes() == CONTRACT.replace("care.", f"care.{rule}").encode()


def test_the_same_logs_give_the_same_hand_off(busy: Desk, tmp_path: Path) -> None:
    """Read again, read by another machine, and whatever came in between that decides nothing."""
    first = busy.told("patterns")
    assert busy.told("patterns") == first
    assert busy.told("patterns") == first
    busy.env["AI_TRACES_STATE_DIR"] = str(tmp_path / "elsewhere")
    assert busy.told("patterns") == first


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
    desk.contract.write_text(f"{CONTRACT}\n- Look for the tool first. ({pattern['id']})\n")
    desk.quiet(range(50, 62))
    after = desk.read()
    (kept,) = after["kept"]
    assert (kept["id"], kept["as_proposed"], kept["standing"]) == (pattern["id"], True, "kept")
    assert after["unplaced"] == []


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
    assert FIX in told
    assert "```diff" not in told


def test_at_most_so_many_changes_are_asked_for(busy: Desk) -> None:
    """The others wait, and are not lost."""
    assert [each["proposal"] is not None for each in busy.read("--top", "1")["patterns"]] == [True, False]
    assert busy.read("--top", "0")["diff"] == ""


def test_no_secret_is_shown_wherever_it_stands(desk: Desk) -> None:
    """In what happened, in the fix, in the name of a log, in the contract around the place of a change."""
    desk.trouble(
        range(3), f"The call with {SECRET} was refused.", fix=f"Do not use {SECRET}. Ask before a call."
    )
    desk.contract.write_text(f"# Tool Usage Rules\nNOTION_TOKEN={SECRET}\n")
    told = desk.told("patterns")
    assert SECRET[4:20] not in told + desk.told("patterns", "--json")
    assert SECRET[4:20] not in (desk.home / "state" / "patterns.json").read_text()
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


def test_a_window_since_a_day_leaves_older_logs_out(busy: Desk) -> None:
    """As UTC counts the days."""
    assert busy.read("--since", "2026-01-06")["window"]["runs"] == 7
    assert busy.read("--last", "2")["window"]["runs"] == 2


def test_no_log_of_a_time_is_not_no_log(busy: Desk) -> None:
    """Whoever names a day after the newest log is told that there are others."""
    result = busy.run("patterns", "--since", "2030-01-01")
    assert (result.exit_code, "There are no logs" in result.stdout) == (0, False)
    assert "None of 12 logs is of 2030-01-01 or later" in result.stderr

"""`ai-traces pattern`: what Jen decides, what the next hand-off makes of it, and whether it helped."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from daemon.patterns.registry_file import registry_file
from sync.patterns.remembering.decisions import answer
from sync.patterns.remembering.memory import Answer
from tests.worlds.desk import CONTRACT, FEED, FIX, Desk


def test_a_no_is_heard_until_it_happens_twice_as_often(busy: Desk) -> None:
    """The pattern stays in sight, the proposal does not come back before."""
    pattern = busy.read()["patterns"][0]["id"]
    busy.told("pattern", "reject", pattern)
    busy.trouble(range(20, 24), FEED)
    kept_away = busy.read()["patterns"][0]
    assert (kept_away["id"], kept_away["runs"], kept_away["proposal"]) == (pattern, 9, None)
    busy.trouble([24], FEED)
    back = busy.read()["patterns"][0]
    assert (back["id"], back["runs"], back["proposal"]) == (pattern, 10, FIX)


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


def test_what_came_of_a_change_is_told_by_the_name_that_jen_gave(busy: Desk) -> None:
    """Also when she gave it after the change."""
    handoff = busy.read()
    busy.apply(handoff["diff"])
    busy.told("pattern", "rename", handoff["patterns"][0]["id"], "The feed is slow")
    busy.quiet(range(50, 55))
    assert "After the contract changed: The feed is slow" in busy.told("patterns")
    assert busy.read()["kept"][0]["name"] == "The feed is slow"


def test_a_change_is_checked_also_when_its_pattern_was_merged(busy: Desk) -> None:
    """By what its own logs tell since: a merge is no success."""
    feed, mail = (each["id"] for each in busy.read()["patterns"])
    busy.apply(busy.read()["diff"])
    busy.told("pattern", "merge", mail, feed)
    busy.trouble(range(40, 43), FEED)
    busy.quiet(range(50, 52))
    kept = {each["id"]: each for each in busy.read()["kept"]}
    assert (kept[feed]["after"], kept[feed]["standing"]) == ({"runs": 3, "of": 5}, "missed")


def test_a_yes_to_what_was_merged_is_one_to_the_whole(busy: Desk) -> None:
    """Whichever id is typed: it is told as in the diff, and rests until the whole has doubled."""
    feed, mail = (each["id"] for each in busy.read()["patterns"])
    busy.told("pattern", "merge", feed, mail)
    assert busy.read()["patterns"][0]["runs"] == 8
    assert "git apply change.diff" in busy.told("pattern", "accept", mail)
    busy.told("pattern", "reject", mail)
    busy.trouble(range(20, 27), FEED)
    assert busy.read()["patterns"][0]["proposal"] is None
    busy.trouble([27], FEED)
    assert busy.read()["patterns"][0]["proposal"] is not None


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
    named = busy.told("pattern", "accept", mail)
    assert "ai-traces patterns --contract FILE" in named
    assert "with the pattern's id behind it" in named


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


def test_the_contract_may_change_in_another_way(busy: Desk) -> None:
    """Then the figures before and after are told, and nothing is claimed."""
    busy.read()
    busy.contract.write_bytes(CONTRACT.encode() + b"\n\nAnother rule.\n")
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
            file.write(replace(registry, memory=answer(registry.memory, feed, Answer.REJECTED, runs=5)))
        second.result(timeout=30)
    assert [each["proposal"] for each in busy.read()["patterns"]] == [None, None]


def _reject(state_dir: Path, pattern: str) -> None:
    with registry_file(state_dir, note=lambda _: None) as file:
        registry = file.read()
        file.write(replace(registry, memory=answer(registry.memory, pattern, Answer.REJECTED, runs=3)))


def test_a_yes_counts_for_what_was_proposed_to_the_contract_as_it_is(busy: Desk) -> None:
    """Also when an earlier hand-off proposed it to another one, and nobody said anything then."""
    busy.read()
    busy.contract.write_bytes(busy.contract.read_bytes() + b"\r\nWrite them at once.\r\n")
    busy.quiet(range(20, 25))
    pattern = busy.read()["patterns"][0]
    busy.told("pattern", "accept", pattern["id"])
    for days in ((), range(25, 30)):
        busy.quiet(days)
        agreed = busy.read()
        assert agreed["patterns"][0]["agreed"]
        assert FIX in agreed["diff"]
    busy.apply(agreed["diff"])
    assert busy.read()["diff"] == ""


def test_a_yes_that_jen_wrote_down_in_other_words_is_known_by_its_id(busy: Desk) -> None:
    """Until then it is asked for; from then on it is counted whether it helps."""
    pattern = busy.read()["patterns"][0]["id"]
    busy.told("pattern", "accept", pattern)
    busy.contract.write_bytes(busy.contract.read_bytes() + b"\r\nNobody waits for ever.")
    assert f"write ({pattern}) behind them" in busy.told("patterns")
    busy.contract.write_bytes(busy.contract.read_bytes() + f" ({pattern})\r\n".encode())
    busy.quiet(range(20, 25))
    after = busy.read()
    assert after["patterns"][0]["proposal"] is None
    assert {each["id"]: each["as_proposed"] for each in after["kept"]}[pattern]


def test_a_second_rule_for_a_pattern_is_asked_for_like_the_first(busy: Desk) -> None:
    """A yes to the first is none to the second; this stays in the diff until the contract has it, too."""
    pattern = busy.read()["patterns"][0]["id"]
    busy.told("pattern", "accept", pattern)
    busy.apply(busy.read()["diff"])
    better = "Ask the supplier for a feed of changes alone."
    busy.trouble(range(20, 30), FEED, fix=better)
    second = busy.read()["patterns"][0]
    assert (second["id"], second["proposal"], second["agreed"]) == (pattern, better, False)
    told = busy.told("patterns")
    assert "You said yes" not in told
    assert f"Yes: ai-traces pattern accept {pattern}" in told
    busy.told("pattern", "accept", pattern)
    for days in ((), range(40, 45)):
        busy.quiet(days)
        agreed = busy.read()
        assert agreed["patterns"][0]["agreed"]
        assert better in agreed["diff"]
    busy.apply(agreed["diff"])
    after = busy.read()
    assert (after["diff"], after["patterns"][0]["proposal"]) == ("", None)

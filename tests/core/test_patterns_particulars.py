"""What tells two troubles apart that are told in the same words."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.names import LogPath
from sync.patterns.handoff.extraction import extract
from sync.patterns.records.masking import mask
from sync.patterns.records.particulars import differ, ending_of, missing_in, most_miss
from sync.patterns.records.record import Record
from sync.patterns.records.window import last
from sync.patterns.remembering.memory import Memory
from sync.tracelog.model import TraceLog
from sync.tracelog.parsing.parser import parse

_Told = Callable[..., Record]

_FORMS = [
    "failed (exit_code={}): bash -lc 'rg x'",
    "The build ended with exit code {}",
    "make exited with {}",
    "Exit status {} from the import",
]


@given(
    form=st.sampled_from(_FORMS),
    codes=st.lists(st.integers(1, 255), min_size=2, max_size=4, unique=True),
    each=st.integers(1, 4),
)
def test_commands_that_ended_otherwise_are_more_than_one_trouble(
    told: _Told, form: str, codes: list[int], each: int
) -> None:
    """Unless nearly all ended in one way, the words being the same proves nothing."""
    members = [told(day, form.format(code)) for day, code in enumerate(codes * each)]
    assert differ(members)
    same = [told(day, form.format(codes[0])) for day in range(20)]
    assert not differ(same)
    assert not differ([*same, told(30, form.format(codes[1]))])


@pytest.mark.parametrize(
    "form",
    [
        "bash: {}: command not found",
        "zsh: command not found: {}",
        "No module named '{}'",
        "Cannot find module '{}'",
    ],
)
def test_other_things_that_were_missing_are_other_troubles(told: _Told, form: str) -> None:
    """One missing tool is mended by one rule, three are not."""
    names = ("rg", "docker", "podman")
    assert differ([told(day, form.format(name)) for day, name in enumerate(names * 2)])
    assert not differ([told(day, form.format("rg")) for day in range(6)])


@given(code=st.integers(1, 255), other=st.integers(1, 255))
def test_many_lines_of_one_log_have_one_voice(told: _Told, code: int, other: int) -> None:
    """A log that tells of it ten times does not outvote the others."""
    loud = [told(1, f"exit code {other}") for _ in range(10)]
    quiet = [told(day, f"exit code {code}") for day in range(2, 12)]
    assert not differ([*loud, *quiet])


@given(st.lists(st.text("abc 123:()'", max_size=60), max_size=6))
def test_texts_without_particulars_do_not_differ(told: _Told, texts: list[str]) -> None:
    """Numbers alone are no endings: they change from time to time in one trouble."""
    assert not differ([told(day, text) for day, text in enumerate(texts)])


def _log(day: int, code: int) -> TraceLog:
    moment = datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(days=day)
    text = (
        f"# Exception: e-{day}\n\n**Timestamp:** {moment.isoformat()}\n**Severity:** error\n\n"
        f"## What Happened\nThe nightly import ended (exit code {code}).\n\n## Proposed Fix\nLook first\n"
    )
    return parse(text.encode(), LogPath(f"exceptions/{moment.date()}-{day}.md"), zone=UTC)


def test_a_pattern_of_several_endings_is_mixed_and_gets_no_change() -> None:
    """Whatever its logs propose, as long as no three of them ended in one way."""
    window = last([_log(day, 1 + day % 4) for day in range(8)], 50)
    found = extract(window, Memory())
    (pattern,) = found.patterns
    assert pattern.mixed
    assert not pattern.worth_proposing


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("bash: jq: command not found", "jq"),
        ("zsh: command not found: jq", "jq"),
        ("No module named 'yaml'", "yaml"),
        ("Cannot find module '@scope/name'", "@scope/name"),
        ("failed (exit_code=127): /bin/bash -lc \"rg --files -g 'a.md'\"", "rg"),
        ("failed (exit_code=127): bash -lc 'cd /srv/x && python3 -m pytest -q'", "python3"),
        ("failed (exit_code=127): bash -lc 'LANG=C sort x'", "sort"),
        ("failed (exit_code=1): bash -lc 'rg x'", None),
        ("failed (exit_code=127): bash -lc '$TOOL x'", None),
        ("jq: command not found, csvkit: command not found", None),
        ("The page was not found", None),
        ("ffmpeg is missing on the runner: command not found", None),
        ("The deploy failed on runner-2: command not found", None),
        ("It was there before: bash: jq: command not found", "jq"),
        ("With jq: command not found", "jq"),
        (f"bash: jq: command not found. {'Then much else happened. ' * 20}", None),
    ],
)
def test_what_was_missing_is_read_from_a_short_text(text: str, missing: str | None) -> None:
    """One thing, in the words of shells and languages, or by what a shell ends with then."""
    assert missing_in(text) == missing


def test_what_most_missed_is_what_was_missing(told: _Told) -> None:
    """A log among many that tells of something else changes nothing; half of them do."""
    lacking = [told(day, "bash: jq: command not found") for day in range(6)]
    other = [told(day, "The feed timed out") for day in range(10, 16)]
    assert most_miss([*lacking, other[0]]) == "jq"
    assert most_miss([*lacking, *other]) is None
    assert most_miss([]) is None


def test_an_ending_is_told_apart_by_its_command() -> None:
    """Where there is none, by the code alone."""
    assert ending_of("failed (exit_code=1): bash -lc 'grep x y'") == "1 grep"
    assert ending_of("make exited with 2") == "2"
    assert ending_of("The feed timed out") is None


def test_a_mask_of_another_tool_is_masked_as_ours_is() -> None:
    """Two reports that differ in what was taken out of them are the same text."""
    assert mask("The test [REDACTED_TOKEN].py failed") == mask("The test [REDACTED:github-token].py failed")

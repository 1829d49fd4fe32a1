"""What lint says, and what it mends."""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.manual.rule_examples import EXAMPLES, EXCEPTION, NAME, SAMPLE, Example
from daemon.manual.rules import broken, rules_page
from sync.names import LogPath
from sync.tracelog.linting.fixes import mend
from sync.tracelog.linting.linter import lint
from sync.tracelog.linting.repair import Repair, repaired
from sync.tracelog.linting.style_rules import StyleRule
from sync.tracelog.linting.when_to_log import MissingLog, Neighbours, read_name
from sync.tracelog.parsing.parser import parse
from sync.tracelog.rules import Deviation, Rule

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"
ALL_RULES: tuple[Deviation, ...] = (*Rule, *StyleRule, *MissingLog)
PIECES = (
    *(
        "# Execution Log: T-1",
        "Exception: x",
        "**ENV:** DEV",
        "- Risk: `Low`.",
        "**state transition**: plan -> draft",
    ),
    *("**STATE Transition:** PLAN => draft\\", "**Severity: Error**", "__ENV__: [Prod]", "ENV: dev, prod"),
    *(
        "## tools used:",
        "### Outcome",
        "## Outcome ##",
        "Outcome\n---",
        "success",
        "> *FAILED* since",
        "partial",
        "---",
    ),
    *("```", "- Read: x\n  - y", "\n\n", "    code", "text", "| a |\n|--|", "## Notes", "\t", "[a]: b"),
)
logs = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=14).map("\n".join),
    st.tuples(st.sampled_from([SAMPLE, EXCEPTION]), st.sampled_from(PIECES), st.integers(0, 25)).map(
        lambda made: "\n".join((*(lines := made[0].split("\n"))[: made[2]], made[1], *lines[made[2] :]))
    ),
)
newlines = st.sampled_from(["\n", "\r\n", "\r"])


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.id)
def test_each_rule_has_an_example_that_breaks_it_alone(rule: Deviation) -> None:
    """The page shows for each rule what it objects to and nothing else."""
    assert [finding.warning.rule for finding in broken(EXAMPLES[rule])] == [rule.id]


@pytest.mark.parametrize(("text", "path"), [(SAMPLE, NAME), (EXCEPTION, f"exceptions/{NAME}")])
def test_the_good_logs_break_no_rule(text: str, path: str) -> None:
    """Beside each other, they leave nothing to be said."""
    name = read_name(NAME)
    assert name is not None
    together = Neighbours(frozenset({name}), frozenset({name}))
    assert lint(text.encode(), LogPath(path), neighbours=together) == ()


def test_ids_are_unique() -> None:
    """An id means one rule."""
    assert len({rule.id for rule in ALL_RULES}) == len(ALL_RULES)


def test_the_page_of_rules_is_what_the_rules_are() -> None:
    """docs/rules.md is what `make docs` makes of the rules now."""
    assert PAGE.read_text(encoding="utf-8") == rules_page()


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=[rule.id for rule in EXAMPLES])
def test_what_can_be_mended_becomes_the_good_log(example: Example) -> None:
    """The bytes are those of the good log again, its name too; of the others not a byte is touched."""
    mendable = any(finding.is_mendable for finding in broken(example))
    mended = mend(example.content, example.path)

    if not mendable:
        assert (mended.content, mended.rename) == (example.content, None)
    elif example.swaps == (("Success\n", "Success\n---\n"),):
        assert mended.content == example.content.replace(b"---", b"\n---")
    else:
        assert mended.content == example.of.encode()
        assert (mended.rename or NAME) == NAME


@given(text=logs, newline=newlines, mark=st.booleans())
def test_mending_keeps_what_the_log_says(text: str, newline: str, mark: bool) -> None:
    """Values and words stay, line ends and byte order mark too; a second time there is nothing to do."""
    content = (b"\xef\xbb\xbf" if mark else b"") + text.replace("\n", newline).encode()
    mended = mend(content, NAME)
    before, after = (parse(each, NAME, zone=UTC) for each in (content, mended.content))

    assert (after.kind, after.log_id, after.env, after.risk) == (
        before.kind,
        before.log_id,
        before.env,
        before.risk,
    )
    assert (after.severity, after.outcome, after.tools) == (before.severity, before.outcome, before.tools)
    assert after.transition == before.transition
    assert letters(after.text) == letters(before.text)
    assert mended.content.startswith(b"\xef\xbb\xbf") == mark
    assert newline == "\n" or b"\n" not in mended.content.replace(newline.encode(), b"")
    assert mend(mended.content, NAME).content == mended.content


@given(content=st.binary(max_size=200))
def test_any_bytes_can_be_judged_and_mended(content: bytes) -> None:
    """There is an answer for each file, and what is no UTF-8 stays as it is."""
    lint(content, NAME, neighbours=Neighbours(frozenset(), frozenset()))
    mended = mend(content, NAME).content
    try:
        content.decode()
    except UnicodeDecodeError:
        assert mended == content


@given(
    lines=st.lists(st.sampled_from(["a", "b", ""]), min_size=2, max_size=6),
    newline=newlines,
    first=st.integers(1, 6),
    count=st.integers(0, 2),
    new=st.lists(st.just("x"), max_size=2),
)
def test_a_repair_touches_its_lines_only(
    lines: list[str], newline: str, first: int, count: int, new: list[str]
) -> None:
    """All other lines are there, in order and with their ends; so is a missing end of the last line."""
    first = min(first, len(lines))
    count = min(count, len(lines) - first + 1)
    wanted = [*lines[: first - 1], *new, *lines[first - 1 + count :]]
    made = repaired(newline.join(lines), [Repair(first, count, tuple(new))])
    assert [line for line in made.split(newline) if line] == [line for line in wanted if line]


def near(day: str, log_id: str) -> Neighbours:
    """Return neighbours of which one is an exception."""
    name = read_name(f"{day}-{log_id}.md")
    assert name is not None
    return Neighbours(frozenset(), frozenset({name}))


@pytest.mark.parametrize(
    ("told", "advised"),
    [
        (near("2026-01-10", "other"), False),
        (near("2026-01-11", "other"), False),
        (near("2026-01-13", "task-42-timeout"), False),
        (near("2026-01-13", "other"), True),
    ],
)
def test_a_failure_is_logged_by_day_or_id(told: Neighbours, advised: bool) -> None:
    """An exception log of that day, a day away, or with the id of the execution is enough."""
    findings = lint(EXAMPLES[MissingLog.UNLOGGED_FAILURE].content, NAME, neighbours=told)
    assert bool(findings) == advised
    assert all(finding.is_advice for finding in findings)


def _results() -> Iterator[tuple[str, bool]]:
    yield from (
        (f"- Bash: {words}", True) for words in ("failed", "Error: no such file", "timed out after 60 s")
    )
    yield from (
        (f"- Bash: {words}", True) for words in ("exit code 1", "exited with status 2", "FAILED (3 tests)")
    )
    yield from (
        (f"- Bash: {words}", False)
        for words in ("0 failed, 41 passed", "error handling added", "exit code 0")
    )
    yield from (
        (f"- Bash: {words}", False) for words in ("failed tests repaired", "error-free", "timeout-free run")
    )


@pytest.mark.parametrize(("bullet", "failed"), tuple(_results()))
def test_only_a_result_that_begins_with_a_failure_is_one(bullet: str, failed: bool) -> None:
    """False alarms are rare: words about errors are no failed call."""
    text = SAMPLE.replace("- Read: 3 files", bullet)
    rules = [each.warning.rule for each in lint(text.encode(), NAME, neighbours=near("2020-01-01", "x"))]
    assert rules == ([MissingLog.UNLOGGED_EVENT.id] if failed else [])


def letters(text: str) -> str:
    """Return the letters and digits of a text, whatever their case and the signs between them."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())

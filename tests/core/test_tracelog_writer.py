"""New logs: whatever is put in comes out again, and keeps to the spec."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from sync.tracelog.linting.linter import lint
from sync.tracelog.linting.when_to_log import Neighbours
from sync.tracelog.markdown.tokenizing import tokenize
from sync.tracelog.model import Kind, Outcome, SectionName, State, TraceLog
from sync.tracelog.parsing.parser import parse
from sync.tracelog.sections import is_template_text
from sync.tracelog.words import texts_in
from sync.tracelog.writing.cleaning import clean, clean_line
from sync.tracelog.writing.containment import holds_placeholder, plain_line
from sync.tracelog.writing.entry import ExceptionEntry, ExecutionEntry
from sync.tracelog.writing.writer import log_text, path_for

HOSTILE = (
    "# Exception: OTHER",
    "## Outcome",
    "## Issues\n- one",
    "# Top\n## Middle\n### Low",
    "Under\n===",
    "Line\n---",
    "Line\nLine\n---\n## Task",
    "---",
    "***",
    "---\nENV: prod\n---",
    "```",
    "```python\nx = 1",
    "~~~~\n```\n",
    "````\n```\n````",
    "- a\n  - b\n\n    code",
    "    indented code",
    "\tdeep\n\t\tdeeper",
    "> quote\n> ## Outcome",
    "> open\nlazy",
    "1. one\n2. two",
    "| a | b |\n|--|--|\n| 1 | 2 |",
    "**ENV:** prod",
    "ENV: prod",
    "PLAN -> DRAFT → TESTED",
    "None",
    "n/a",
    "**None**",
    "[a]: http://example.com",
    "[a] and [b]\n\n[b]: <x>",
    "[ ] open task",
    "<div>\n<!-- comment",
    "\x1b[31mred\x1b[0m",
    "a\r\nb\rc",
    "null \0 byte",
    "lone \ud800 surrogate",
    "trailing  \nbreak\\",
    "`",
    "` `` ```",
    "*",
    "**",
    "_x_ *y* ~~z~~",
    "Read: 3 files - done",
    ": colon",
    "https://example.com/?a=[b](c)",
    "[Description of the failure] it was",
    "list of issues encountered",
    "- [None | List of issues encountered]",
    "![image](x.png)",
    "\\",
    "#",
    "######",
    "+",
    "-",
    "=",
    "\ufeffmark",
    "\u2028line\u2029paragraph\x85next",
    "日本語の文。",
    "👩‍👩‍👧 emoji",
)


def words(text: str) -> str:
    """Return what a reader sees of a text, without the space between and without markup of headings."""
    return "".join("".join(texts_in(tokenize(text))).split())


texts = (
    st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30)), min_size=1, max_size=4)
    .flatmap(lambda parts: st.sampled_from(["\n", "\n\n", " ", ""]).map(lambda glue: glue.join(parts)))
    .filter(lambda text: any(sign.isprintable() and not sign.isspace() for sign in text))
    .filter(lambda text: not is_template_text(tokenize(clean(text))))
    .filter(lambda text: not is_template_text(tokenize(clean_line(text))))
)
lines = texts.filter(lambda text: not holds_placeholder(clean_line(text)))
ids = st.from_regex(r"[A-Za-z0-9é日][A-Za-z0-9._é日-]{0,20}[A-Za-z0-9日]", fullmatch=True).filter(
    lambda each: each.casefold() not in {"task-id", "exception-id"}
)
moments = st.datetimes(
    min_value=datetime(2, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(9998, 1, 1),  # noqa: DTZ001 - same
    timezones=st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours))),
)
envs = st.sampled_from(["dev", "STAGE", "Prod"])
executions = st.fixed_dictionaries(
    {
        "id": ids,
        "timestamp": moments,
        "env": envs,
        "risk": st.sampled_from(["low", "Medium", "HIGH"]),
        "state_transition": st.tuples(st.sampled_from(State), st.sampled_from(State)).map(" -> ".join),
        "task": texts,
        "tools": st.lists(st.fixed_dictionaries({"name": lines, "result": lines}), max_size=3),
        "outcome": st.sampled_from(["Success", "partial", "FAILED"]),
        "outcome_details": st.one_of(st.just(""), texts),
        "issues": st.lists(texts, max_size=3),
        "contract_gaps": st.lists(texts, max_size=3),
    }
)
exceptions = st.fixed_dictionaries(
    {
        "id": ids,
        "timestamp": moments,
        "env": envs,
        "severity": st.sampled_from(["warning", "Error", "CRITICAL"]),
        "what_happened": texts,
        "root_cause": texts,
        "contract_reference": texts,
        "proposed_fix": texts,
        "workaround_used": texts,
    }
)


def written(entry: ExecutionEntry | ExceptionEntry) -> TraceLog:
    """Return what the parser reads from the log of an entry, which lint has nothing to say against."""
    content, path = log_text(entry).encode(), path_for(entry)
    findings = lint(content, path, neighbours=Neighbours(frozenset(), frozenset()))
    assert [finding.warning for finding in findings if not finding.is_advice] == []
    return parse(content, path, zone=UTC)


def text_of(log: TraceLog, name: SectionName) -> str:
    """Return the text of a section that has to be there."""
    section = log.section(name)
    assert section is not None
    return section.text


def shows(section: str, text: str) -> bool:
    """Tell whether a section is the text: as it is, with deeper headings, or as code, letter by letter."""
    as_code = section.split("\n")[1:-1] == text.split("\n")
    return section == text or as_code or words(section) == words(text)


@given(fields=executions)
@example(
    fields={
        "id": "T-1",
        "timestamp": "2026-01-10T14:30:00+01:00",
        "env": "dev",
        "risk": "low",
        "state_transition": "plan => draft",
        "task": "Move the export.\n\n## How\nSlowly",
        "tools": [{"name": "Bash", "result": "`make test`, 41 passed"}],
        "outcome": "success",
        "outcome_details": "",
        "issues": ["One\n\n```\ncode\n```"],
        "contract_gaps": ["None"],
    }
)
def test_an_execution_comes_back(fields: dict[str, object]) -> None:
    """Lint is content, and each field says what it said: values the same, each text alone in its section."""
    entry = ExecutionEntry.model_validate(fields)
    log = written(entry)

    assert (log.kind, log.log_id, log.timestamp) == (Kind.EXECUTION, entry.id, entry.timestamp)
    assert (log.env, log.risk, log.transition) == (entry.env, entry.risk, entry.state_transition)
    assert log.outcome is entry.outcome
    assert [section.name for section in log.sections] == list(SectionName)[:5]
    assert shows(text_of(log, SectionName.TASK), entry.task)
    assert log.has_issues == bool(entry.issues)
    assert log.has_contract_gap == bool(entry.contract_gaps)
    details = text_of(log, SectionName.OUTCOME).removeprefix(entry.outcome).strip("\n")
    assert shows(details, entry.outcome_details)
    assert len(log.tools) == len(entry.tools)
    for tool, given_tool in zip(log.tools, entry.tools, strict=True):
        assert " ".join(tool.name.split()) in {given_tool.name, plain_line(given_tool.name)}
        assert tool.result in {given_tool.result, plain_line(given_tool.result)}


@given(items=st.lists(texts, max_size=5))
def test_each_issue_is_one_item(items: list[str]) -> None:
    """The list has an item for each issue that says something, and a reader sees the issue's words in it."""
    fields = {"id": "x", "timestamp": "2026-01-10T14:30Z", "env": "dev", "risk": "low"}
    fields |= {"state_transition": "PLAN → DRAFT", "task": "t", "outcome": "Success"}
    entry = ExecutionEntry.model_validate({**fields, "issues": items})
    shown: list[str] = []
    for token in tokenize(text_of(written(entry), SectionName.ISSUES)):
        if token.type == "list_item_open" and token.level == 1:
            shown.append("")
        elif shown:
            shown[-1] += "".join("".join(texts_in([token])).split())

    assert len(shown) == len(entry.issues)
    for seen, issue in zip(shown, entry.issues, strict=True):
        assert seen in {words(issue), "".join(issue.split())}


@given(fields=exceptions)
def test_an_exception_comes_back(fields: dict[str, object]) -> None:
    """Lint is content, and each field says what it said: values the same, each text alone in its section."""
    entry = ExceptionEntry.model_validate(fields)
    log = written(entry)

    assert (log.kind, log.log_id, log.timestamp) == (Kind.EXCEPTION, entry.id, entry.timestamp)
    assert (log.env, log.severity) == (entry.env, entry.severity)
    assert [section.name for section in log.sections] == list(SectionName)[5:]
    assert shows(text_of(log, SectionName.WHAT_HAPPENED), entry.what_happened)
    assert shows(text_of(log, SectionName.ROOT_CAUSE), entry.root_cause)
    assert shows(text_of(log, SectionName.CONTRACT_REFERENCE), entry.contract_reference)
    assert shows(text_of(log, SectionName.PROPOSED_FIX), entry.proposed_fix)
    assert shows(text_of(log, SectionName.WORKAROUND_USED), entry.workaround_used)


def test_what_is_harmless_stays_as_it_is() -> None:
    """Markdown of a person's own is not touched: lists, code, tables, deeper headings, links."""
    task = "Do *this*:\n\n- a\n  - b\n\n### Outcome\n\n```python\n# ## no heading\n```\n\n| a |\n|--|\n| 1 |"
    fields = {"id": "x", "timestamp": "2026-01-10T14:30Z", "env": "dev", "risk": "low", "task": task}
    fields |= {"state_transition": "PLAN → DRAFT", "outcome": "Success", "outcome_details": "All `41` pass."}
    tools = ["Bash: `make test`, 41 passed"]
    log = written(ExecutionEntry.model_validate({**fields, "tools": tools, "issues": ["**Slow**: 60 s"]}))

    assert text_of(log, SectionName.TASK) == task
    assert text_of(log, SectionName.TOOLS_USED) == "- Bash: `make test`, 41 passed"
    assert text_of(log, SectionName.OUTCOME) == f"{Outcome.SUCCESS}\n\nAll `41` pass."
    assert text_of(log, SectionName.ISSUES) == "- **Slow**: 60 s"


@pytest.mark.parametrize("log_id", ["", "a/b", "../x", ".x", "a b", "TASK-ID", "x" * 300, "a\n", "-a"])
def test_an_id_that_is_no_file_name_is_refused(log_id: str) -> None:
    """Nothing can be written outside of the logs directory, or under a name that means nothing."""
    with pytest.raises(ValidationError) as refused:
        ExceptionEntry.model_validate({"id": log_id})
    assert ("id",) in {error["loc"] for error in refused.value.errors()} or log_id == "a\n"

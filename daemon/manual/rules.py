"""docs/rules.md, from the rules and from logs that break them."""

from collections.abc import Iterator

from daemon.manual.rule_examples import EXAMPLES, NAME, SAMPLE, Example
from sync.tracelog.linting.linter import LintFinding, lint
from sync.tracelog.linting.style_rules import StyleRule
from sync.tracelog.linting.when_to_log import MissingLog, Neighbours
from sync.tracelog.rules import Deviation, Rule

_INTRODUCTION = f"""\
# The rules of `ai-traces lint`

```
$ ai-traces lint 2026-01-10-TASK-42.md
2026-01-10-TASK-42.md:6:23: arrow The arrow `→` between the two states (Write `PLAN → DRAFT`)
```

File, line and column, the rule, what is expected there, and what to do. No finding keeps a log out of Notion.
The command ends with 0 when every log is clean and with 1 when there are findings; advice alone is clean.

`--fix` mends what is marked **mended by `--fix`**: it replaces the file at one instant, leaves it alone while
somebody is writing it, and gives it no name that another file has. What the log says stays what it was.

A log may be written in any language; headings, names of fields and their values are those of the spec. The
advice on when to log looks for English words: of a log in another language it says less, and nothing wrong.

A rule is shown by what it objects to (-) and what is right (+), in this log, whose name is `{NAME}`:

```markdown
{SAMPLE}```

This page is made from the code by `make docs`.
"""

_ADVICE = """\
## Advice: when to log

What the table When to Log asks for, as far as the files show it; a log of the day before or after counts.
Advice is never a reason to end with 1.
"""

_PARTS: tuple[tuple[type[Deviation], str], ...] = (
    (Rule, "## Seen on the page too\n\nThese are the warnings in the property Format Warnings.\n"),
    (StyleRule, "## Form\n\nThese are understood in other forms too; Jen sees nothing of them.\n"),
    (MissingLog, _ADVICE),
)


def rules_page() -> str:
    """Return docs/rules.md."""
    return "\n".join((_INTRODUCTION, *_parts()))


def broken(example: Example) -> tuple[LintFinding, ...]:
    """Return what there is to say against an example that has no other log beside it."""
    return lint(example.content, example.path, neighbours=Neighbours(frozenset(), frozenset()))


def _parts() -> Iterator[str]:
    for rules, heading in _PARTS:
        yield heading
        yield from (_rule(rule) for rule in rules)


def _rule(rule: Deviation) -> str:
    example = EXAMPLES[rule]
    finding = next(each for each in broken(example) if each.warning.rule == rule.id)
    mark = "; mended by `--fix`" if finding.is_mendable else ""
    said = f"{finding.warning.expected}. {finding.warning.fix}{mark}."
    return f"### `{rule.id}`\n\n{said}\n\n{_shown(rule, example)}\n"


def _shown(rule: Deviation, example: Example) -> str:
    match rule:
        case Rule.EMPTY_LOG:
            return "An empty file."
        case Rule.NOT_UTF8:
            return "A file in UTF-16."
        case MissingLog.UNLOGGED_DEPLOYMENT:
            return f"For example, in an exception log in prod: {example.of.splitlines()[7]}"
        case MissingLog():
            told = " ".join(wrong for _, wrong in example.swaps)
            return f"For example: `{' '.join(told.split())}`."
        case _:
            pass
    if not example.swaps:
        return f"```diff\n-{example.path}\n+{NAME}\n```"
    lines = (line for right, wrong in example.swaps for line in _difference(right, wrong))
    return "\n".join(("```diff", *lines, "```"))


def _difference(right: str, wrong: str) -> Iterator[str]:
    """Yield the lines around a swap, those that go and those that come."""
    start = SAMPLE.index(right)
    end = start + len(right)
    begin = SAMPLE.rfind("\n", 0, start) + 1
    stop = end if SAMPLE[:end].endswith("\n") else SAMPLE.index("\n", end)
    good, bad = SAMPLE[begin:stop], SAMPLE[begin:start] + wrong + SAMPLE[end:stop]
    yield from (f"-{_printable(line)}" for line in bad.strip("\n").split("\n") if bad.strip("\n"))
    yield from (f"+{line}" for line in good.strip("\n").split("\n"))


def _printable(line: str) -> str:
    shown = line.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in shown)

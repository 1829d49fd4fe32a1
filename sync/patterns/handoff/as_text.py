"""Write a hand-off for a terminal."""

import re
import shlex
import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from sync.patterns.handoff import telling
from sync.patterns.handoff.asking import answers, nothing_to_decide, summary, to_decide, waiting
from sync.patterns.handoff.handoff import Handoff, HandoffEntry, Suggestion
from sync.patterns.handoff.promises import CheckedPromise
from sync.patterns.handoff.shown import one_line
from sync.patterns.records.record import Record

_COLUMNS: Final = 100
_OTHERS: Final = 5
"""The number of patterns without a proposal that are named; the others are counted."""


def text_of(handoff: Handoff, *, typed: Sequence[str] = ()) -> str:
    """Return a hand-off as text: what keeps coming back, what could change, and how to say yes or no.

    Args:
        handoff: The hand-off.
        typed: The options that select the same logs and contract again.
    """
    asked = to_decide(handoff)
    parts = [
        f"{telling.TAG}\n{telling.STATE}",
        *map(_wrapped, summary(handoff)),
        *map(_checked, handoff.checks),
        *("\n".join(_entry(number, entry)) for number, entry in enumerate(asked, 1)),
        *map(_wrapped, waiting(handoff, asked=len(asked))),
        *_unproposed(nothing_to_decide(handoff)),
        *_changed(handoff.changes),
        *_diff(handoff, typed),
        *map(_wrapped, telling.wording(handoff)),
    ]
    return "\n\n".join(parts) + "\n"


def fence(text: str) -> str:
    """Return a code fence that nothing in a text closes."""
    return "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))


def _entry(number: int, entry: HandoffEntry) -> Iterator[str]:
    pattern = entry.pattern
    yield _wrapped(f"{number}. {telling.heading(pattern)}")
    yield _wrapped(telling.figures(pattern), indent="   ")
    yield from map(_quoted, telling.said_alike(telling.quoted(pattern)))
    yield from (_wrapped(sentence, indent="   ", hanging="     ") for sentence in telling.audited(entry))
    if entry.suggestion is None:
        yield from (_wrapped(sentence, indent="   ") for sentence in telling.rule_request(entry))
    else:
        yield from _suggestion(entry.suggestion)
    yield from (f"   {line}" for line in answers(entry, as_code=str))


def _suggestion(suggestion: Suggestion) -> Iterator[str]:
    yield _wrapped(telling.place_sentence(suggestion), indent="   ")
    yield _wrapped(suggestion.proposal.sentence, indent="     ")
    yield from (_wrapped(sentence, indent="     ") for sentence in telling.origin(suggestion))
    yield _wrapped(telling.expected(suggestion), indent="   ")


def _checked(kept: CheckedPromise) -> str:
    title, *sentences = telling.checked(kept)
    return "\n".join([_wrapped(title), *(_wrapped(sentence, indent="   ") for sentence in sentences)])


def _unproposed(entries: Sequence[HandoffEntry]) -> Iterator[str]:
    if not entries:
        return
    lines = ["Also seen, with nothing to decide:"]
    named = [entry for place, entry in enumerate(entries) if place < _OTHERS or entry.opinions]
    for entry in named:
        pattern = entry.pattern
        lines.append(_wrapped(f"- {telling.in_passing(pattern)}", hanging="  "))
        lines.append(_quoted(telling.quoted(pattern)[:1]))
        lines += [_wrapped(sentence, indent="   ", hanging="     ") for sentence in telling.audited(entry)]
    if len(entries) > len(named):
        lines.append(f"- and {len(entries) - len(named)} more: ai-traces patterns --json lists them")
    yield "\n".join(lines)


def _changed(changes: Sequence[str]) -> Iterator[str]:
    if changes:
        yield "\n".join(["Since the last time:", *(_wrapped(f"- {each}", hanging="  ") for each in changes)])


def _diff(handoff: Handoff, typed: Sequence[str]) -> Iterator[str]:
    contract = handoff.contract
    if contract is None and handoff.entries:
        yield _wrapped(telling.NAME_A_CONTRACT)
    if contract is None or not handoff.diff:
        return
    model = () if handoff.worded is None else ("--model", one_line(handoff.worded.model))
    again = shlex.join(("ai-traces", "patterns", *map(one_line, typed), *model, "--diff", "change.diff"))
    against = f"{contract.name} with SHA-256 {contract.sha256[:12]}…"
    yield "\n".join(
        (
            _wrapped(f"Proposed contract diff, against {against}. To apply it:"),
            f"   {again}",
            "then put change.diff beside the contract, and there:",
            "   git apply change.diff",
        )
    )
    closed_by = fence(handoff.diff)
    yield f"{closed_by}diff\n{handoff.diff}{closed_by}"


def _quoted(records: Sequence[Record]) -> str:
    first, *others = (f"{telling.where(record)}{telling.when(record)}" for record in records)
    alike = f"; the same in {', '.join(others)}" if others else ""
    return _wrapped(f"- {first}: {telling.quote(records[0])}{alike}", indent="   ", hanging="     ")


def _wrapped(text: str, *, indent: str = "", hanging: str | None = None) -> str:
    return textwrap.fill(
        text,
        _COLUMNS,
        initial_indent=indent,
        subsequent_indent=indent if hanging is None else hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )

"""Write a hand-off as markdown for its page, with links to the pages of logs."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sync.names import LogPath
from sync.patterns.handoff import telling
from sync.patterns.handoff.as_text import fence
from sync.patterns.handoff.asking import answers, nothing_to_decide, summary, to_decide, waiting
from sync.patterns.handoff.handoff import Handoff, HandoffEntry
from sync.patterns.records.record import Record

_SIGN: Final = re.compile(r"([!-/:-@\[-`{-~])")


def markdown_of(handoff: Handoff, addresses: Mapping[LogPath, str]) -> str:
    """Return a hand-off as markdown in which all text of logs is escaped.

    Args:
        handoff: The hand-off.
        addresses: The known addresses of logs' pages.
    """
    return "\n\n".join(_parts(handoff, addresses)) + "\n"


def title_of(handoff: Handoff) -> str:
    """Return the title of a hand-off's page, with the day of its newest log."""
    last = handoff.extraction.window.last
    return f"Hand-off {last.date().isoformat() if last else 'without a date'}"


def _parts(handoff: Handoff, addresses: Mapping[LogPath, str]) -> Iterator[str]:
    yield f"# {title_of(handoff)}"
    yield f"{_plain(telling.TAG)} {_plain(telling.STATE)}"
    yield from map(_plain, summary(handoff))
    for kept in handoff.checks:
        heading, *sentences = telling.checked(kept)
        yield f"## {_plain(heading)}"
        yield _plain(" ".join(sentences))
    asked = to_decide(handoff)
    for number, entry in enumerate(asked, 1):
        yield from _entry(f"{number}. ", entry, addresses)
    yield from map(_plain, waiting(handoff, asked=len(asked)))
    for number, entry in enumerate(nothing_to_decide(handoff)):
        if number == 0:
            yield "## Also seen, with nothing to decide"
        told = _quote(telling.quoted(entry.pattern)[:1], addresses)
        yield f"{_plain(telling.in_passing(entry.pattern))}\n\n{told}"
        yield from map(_plain, telling.audited(entry))
    if handoff.changes:
        yield "\n".join(["## Since the last time\n", *(f"- {_plain(each)}" for each in handoff.changes)])
    if handoff.contract is None:
        yield _plain(telling.NAME_A_CONTRACT)
    elif handoff.diff:
        contract, closed_by = handoff.contract, fence(handoff.diff)
        yield f"## Proposed contract diff\n\nAgainst {_plain(contract.name)}, SHA-256 `{contract.sha256}`."
        yield f"{closed_by}diff\n{handoff.diff}{closed_by}"
    yield from map(_plain, telling.wording(handoff))


def _entry(number: str, entry: HandoffEntry, addresses: Mapping[LogPath, str]) -> Iterator[str]:
    pattern, suggestion = entry.pattern, entry.suggestion
    yield f"## {_plain(f'{number}{telling.heading(pattern)}')}"
    yield _plain(telling.figures(pattern))
    yield "\n".join(_quote(records, addresses) for records in telling.said_alike(telling.quoted(pattern)))
    yield from map(_plain, telling.audited(entry))
    if suggestion is None:
        yield from map(_plain, telling.rule_request(entry))
    else:
        yield _plain(telling.place_sentence(suggestion))
        yield f"> {_plain(suggestion.proposal.sentence)}"
        yield from map(_plain, telling.origin(suggestion))
        yield _plain(telling.expected(suggestion))
    yield from answers(entry, as_code=lambda command: f"`{command}`")


def _quote(records: Sequence[Record], addresses: Mapping[LogPath, str]) -> str:
    first, *others = (_at(record, addresses) for record in records)
    told = f"- {first}{_plain(f': {telling.quote(records[0])}')}"
    return f"{told}; the same in {', '.join(others)}" if others else told


def _at(record: Record, addresses: Mapping[LogPath, str]) -> str:
    where, address = _plain(telling.where(record)), addresses.get(record.path, "")
    return f"{f'[{where}](<{address}>)' if address else where}{_plain(telling.when(record))}"


def _plain(text: str) -> str:
    """Escape all characters that may be markup."""
    return _SIGN.sub(r"\\\1", text)

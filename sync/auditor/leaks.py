"""Check a finished bundle for secrets and personal details, and locate those that are left."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sync.auditor.case import CONTRACT
from sync.auditor.disguise import is_fit
from sync.auditor.evidence import Evidence

_OWNER: Final = re.compile(r'(?:\{"id": ")?(?P<id>R-[0-9a-f]{8}(?:-[0-9]{1,9})?)[ "]')
"""The beginning of a line on a record, in the letter and in JSON."""


@dataclass(frozen=True, slots=True)
class Leak:
    """The place of something that must not leave, without its content.

    Attributes:
        where: The log or the contract, with the line, if that is known; else the file of the bundle.
        in_log: Whether it is in a log.
    """

    where: str
    in_log: bool


def leaks(files: Mapping[str, str], evidence: Sequence[Evidence]) -> tuple[Leak, ...]:
    """Return the leaks in the files of a bundle."""
    found = (
        leak
        for name, text in sorted(files.items())
        if not is_fit(text)
        for leak in _in_file(name, text, evidence)
    )
    return tuple(dict.fromkeys(found))


def _in_file(name: str, text: str, evidence: Sequence[Evidence]) -> Iterator[Leak]:
    places = {each.id: each.place for each in evidence}
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if not is_fit(line)]
    if not lines:
        yield Leak(f"{name}, over several lines", in_log=False)
    for number, line in lines:
        owner = _OWNER.match(line)
        if owner is not None and owner["id"] in places:
            yield Leak(places[owner["id"]], in_log=True)
        elif name == CONTRACT:
            yield Leak(f"the contract, line {number}", in_log=False)
        else:
            yield Leak(f"{name}, line {number}", in_log=False)

"""The last look at a bundle: what must not leave, and where it comes from."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sync.auditor.case import CONTRACT
from sync.auditor.disguise import is_fit
from sync.auditor.evidence import Evidence

_OWNER: Final = re.compile(r'(?:\{"id": ")?(?P<id>R-[0-9a-f]{8}(?:-[0-9]{1,9})?)[ "]')
"""How a line begins that tells of a record, in the text and in the JSON."""


@dataclass(frozen=True, slots=True)
class Leak:
    """A place where something is left that must not leave; what it is, is not repeated.

    Attributes:
        where: A log or the contract with its line, as far as that is known; else a file of the bundle.
        in_log: `where` is a log.
    """

    where: str
    in_log: bool


def leaks(files: Mapping[str, str], evidence: Sequence[Evidence]) -> tuple[Leak, ...]:
    """Look through all files of a bundle as they would leave, and return what is wrong in them."""
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

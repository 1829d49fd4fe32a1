"""Parse a log's reference to a section of the contract."""

import re
from dataclasses import dataclass
from typing import Final

from sync.contract.naming import FILLING, words

_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]*)\)")
_ANCHOR = re.compile(r"#([\w-]+)")
_MARKED = re.compile(r"`([^`]+)`|\"([^\"]+)\"|“([^”]+)”|«([^»]+)»|\*\*([^*]+)\*\*")
_BY_NUMBER = re.compile(
    r"(?:§+\s*|\b(?:sections?|sec\.?|chapter|part|article|clause|rule|step)\s+#?)([0-9]{1,3}(?:\.[0-9]{1,3}){0,5})(?![\w-])",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"(?:§§\s*|\bsections\s+)[0-9.]+(?:\s*(?:,|and|&|/)\s*§?\s*[0-9.]+)+", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_LEADING_NUMBER = re.compile(r"\s*([0-9]{1,3}(?:\.[0-9]{1,3}){0,5})[.):]?(?:\s+[-–—:]\s*|\s+|$)(?=\S|$)")
_CUT = re.compile(r"[:;,](?=\s|$)|\n|(?:\s|^)\(|\)(?=[\s.,:;]|$)|\.(?:\s|$)|\s[-–—]+\s|§")
_STEP = re.compile(r"\s*(?:>+|›|»|→|->|::|\s/)\s+")
_HASHES = re.compile(r"^\s*#{1,6}\s+")

_LONGEST_CLAUSE: Final = 12


@dataclass(frozen=True, slots=True)
class Reference:
    """A parsed reference.

    Attributes:
        text: The reference without heading and link markup.
        whole: All its words.
        clauses: The parts that may be a name: the whole, each quoted part, each part between punctuation.
        numbers: The numbers that are clearly section numbers.
        unnumbered: The words except numbers and filling words.
        addresses: The anchors in it.
        steps: The names from the outermost section to the innermost, if it is written as a path.
    """

    text: str
    whole: tuple[str, ...]
    clauses: tuple[str, ...]
    numbers: tuple[str, ...]
    unnumbered: tuple[str, ...]
    addresses: tuple[str, ...]
    steps: tuple[str, ...]


def read_reference(written: str) -> Reference:
    """Parse a reference."""
    addresses = tuple(dict.fromkeys(address.lower() for address in _ANCHOR.findall(written)))
    text = _HASHES.sub("", _LINK.sub(r"\1", written)).strip()
    leading = _LEADING_NUMBER.match(text)
    numbers = dict.fromkeys(_BY_NUMBER.findall(text))
    if leading is not None:
        numbers |= {leading[1]: None}
    numbers |= dict.fromkeys(number for span in _SEVERAL.findall(text) for number in _NUMBER.findall(span))
    rest = _BY_NUMBER.sub(" ", text[leading.end() :] if leading is not None else text)
    steps = tuple(step.strip() for step in _STEP.split(text))
    return Reference(
        text=text,
        whole=words(text),
        clauses=_clauses(text, rest),
        numbers=tuple(numbers),
        unnumbered=tuple(word for word in words(rest) if word not in FILLING),
        addresses=addresses,
        steps=steps if len(steps) > 1 and all(steps) else (),
    )


def _clauses(text: str, rest: str) -> tuple[str, ...]:
    marked = [next(filter(None, groups), "") for groups in _MARKED.findall(text)]
    parts = [part for whole in (text, rest) for part in _CUT.split(whole)]
    found = dict.fromkeys(clause.strip() for clause in (text, rest, *marked, *parts))
    return tuple(clause for clause in found if 0 < len(words(clause)) <= _LONGEST_CLAUSE)

"""Check that a rewording says the same as the original; in doubt it is rejected."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from sync.patterns.grouping.words import stems
from sync.patterns.handoff.shown import one_line
from sync.patterns.remembering.expectation import Expectation
from sync.redaction.redact import redact

_EDGES: Final = ".,;:!?…()\"'“”‘’"
_TYPOGRAPHY: Final = frozenset("“”‘’–—…·")
_CODE: Final = re.compile(r"`([^`]+)`")
_MARKUP: Final = re.compile(r"[`*<>\[\]|~\\{}]|^\s*(?:[-+#=&!]|[0-9]{1,9}[.)])|(?<!\w)_|_(?!\w)")
_SIGNS: Final = re.compile(r"[./\\@=#%&$^+:_~€£]")
_COUNTING_WORDS: Final = """
two three four five six seven eight nine ten eleven twelve thirteen fifteen twenty thirty forty fifty sixty
ninety hundred hundreds thousand thousands million billion dozen twice thrice half double triple
second third fourth fifth
"""
_DENYING_WORDS: Final = """
not no never nor neither none nobody nothing nowhere cannot without don't doesn't didn't can't won't isn't
aren't wasn't weren't shouldn't mustn't hasn't haven't hadn't wouldn't couldn't
"""
_UNDOING_WORDS: Final = """
avoid stop skip ignore disable remove delete drop bypass override forget refuse unless except instead send
share upload publish reveal
"""
_COUNTING: Final = frozenset(_COUNTING_WORDS.split())
_DENYING: Final = frozenset(_DENYING_WORDS.split())
_UNDOING: Final = frozenset(_UNDOING_WORDS.split())
_KNOWN: Final = frozenset(("i", "jen", "claude"))
_AT_MOST: Final = re.compile(r"\bno more than\b", re.IGNORECASE)
_PATTERN: Final = re.compile(r"P-[0-9a-f]{4,64}")
_NUMBER: Final = re.compile(r"\d+")


def objection(said: str, *, instead_of: str, sources: Sequence[str], longest: int, shared: float) -> str:
    """Return why a rewording must not be used, as a clause; empty if it may.

    Args:
        said: The rewording.
        instead_of: The original.
        sources: All texts that the rewording may take from: quotes and originals.
        longest: The largest length in letters.
        shared: The least fraction of its meaningful words that must be in the sources.
    """
    known = " ".join(sources)
    found = chain(
        _ill_formed(said, known, longest), _added(said, known), _turned(said, instead_of, known, shared)
    )
    return next(found, "")


def expectation_objection(said: str, expected: Expectation) -> str:
    """Return why a rewording changes the numbers of an expectation or their meaning; empty if it does not."""
    numbers = [expected.runs, expected.of, expected.at_most, expected.of]
    if [int(each) for each in _NUMBER.findall(said)] != numbers:
        return "its numbers are not those of the logs"
    most = re.search(rf"\b(?:at most|no more than|at the most) {expected.at_most}\b", said, re.IGNORECASE)
    following = said[most.end() :] if most else ""
    if not re.search(rf"\bnext {expected.of}\b", following, re.IGNORECASE):
        return "it does not say “at most” and “next” where they belong"
    return ""


def _ill_formed(said: str, known: str, longest: int) -> Iterator[str]:
    if not said.strip():
        yield "it is empty"
    if said != one_line(said):
        yield "it is not one plain line"
    if len(said) > longest:
        yield "it is too long"
    if redact(said).counts:
        yield "it holds what looks like a secret"
    if _MARKUP.search(_CODE.sub(lambda code: "code" if code[0] in known else code[0], said)):
        yield "it has markup"
    for letter in said:
        if not letter.isascii() and letter not in _TYPOGRAPHY and letter not in known:
            yield f"it has the sign “{letter}”, which no quote has"


def _tokens(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each word without punctuation, and whether it begins a sentence."""
    begins = True
    for raw in text.split():
        word = raw.strip(_EDGES + "`").removesuffix("’s").removesuffix("'s")
        if word:
            yield word, begins
        begins = raw.rstrip("\"'”’)").endswith((".", "!", "?", ":", "…"))


def _added(said: str, known: str) -> Iterator[str]:
    """Yield an objection for each name or number that is in no source."""
    exact = {word for word, _ in _tokens(known)}
    folded = {word.casefold() for word in exact}
    for word, begins in _tokens(said):
        counts = word.casefold() in _COUNTING or (word[0].isupper() and not begins)
        if (_is_identifier(word) and word not in exact) or (
            counts and word.casefold() not in folded | _KNOWN
        ):
            yield f"it adds “{word}”, which no quote has"


def _is_identifier(word: str) -> bool:
    return (
        any(unicodedata.numeric(letter, None) is not None for letter in word)
        or _SIGNS.search(word) is not None
        or _PATTERN.fullmatch(word) is not None
        or any(letter.isupper() for letter in word[1:])
    )


def _turned(said: str, instead_of: str, known: str, shared: float) -> Iterator[str]:
    """Yield an objection if the rewording may mean the contrary, or something else."""
    words, before = _plain(said), _plain(instead_of)
    if bool(words & _DENYING) != bool(before & _DENYING):
        yield "it may say the contrary"
    for word in sorted((words & _UNDOING) - _plain(known)):
        yield f"it adds “{word}”, which no quote has"
    meant = set(stems(said))
    if len(meant & set(stems(known))) < shared * len(meant):
        yield "it says something else than the quotes"


def _plain(text: str) -> set[str]:
    return {word.casefold().replace("’", "'") for word, _ in _tokens(_AT_MOST.sub("at most", text))}

"""Tell whether a proposed fix is a rule, and not a report, a question or a placeholder."""

import re
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")

_BLANKS: Final = """
tbd todo tba tbc wip pending unknown unclear unsure none nothing n a na nil idea no not sure yet same as
above before see below workaround to be determined decided discussed defined done needed required maybe
later don't know open follow up followup investigating under investigation change changes action fix further
and or it this
"""
_BLANK: Final = frozenset(_BLANKS.split())
"""A fix of these words alone is no fix yet."""

_POINTING: Final = frozenset(("it", "this", "that", "them", "these", "those", "again", "then"))

_OPEN: Final = re.compile(r"\b(?:TBD|TBC|TBA|TODO|FIXME)\b")
"""A mark of an unfinished sentence."""

_OBLIGING: Final = re.compile(
    r"\b(?:must|should|shall|always|never|ha(?:s|ve) to|needs? to|make sure|from now on|don['’]t|do not)\b",
    re.IGNORECASE,
)
_TAKING_A_CLAUSE_WORDS: Final = """
check verify ensure confirm make see test validate assert note say tell report record assume ask
"""
_TAKING_A_CLAUSE: Final = frozenset(_TAKING_A_CLAUSE_WORDS.split())
_JOINED: Final = (
    r"\b(?:if|when|whenever|while|before|after|until|unless|whether|that|which|who|what|once|where)\b"
)
_LATELY: Final = r"(?:\w+ly |now |already |since |just )?"
_DONE: Final = r"\w+(?:[^e]ed|en|wn|ne|lt|pt|nt|ut|ung)\b"

_WAS_DONE: Final = re.compile(
    rf"(?:(?!{_JOINED}).)*?\b(?:ha(?:s|ve|d) {_LATELY}been|was|were) {_LATELY}{_DONE}", re.IGNORECASE
)
"""A main clause that says that something has been done."""

_BY_US: Final = re.compile(
    rf"(?:(?:i|we|jen|claude|they)(?: ha(?:s|ve))?|(?:i|we|they)['’]ve) {_LATELY}"
    r"(?:\w+[^e]ed|made|put|set|wrote|built|ran|sent|took|did|done|written|taken|begun|began)\b",
    re.IGNORECASE,
)
_FIRST_DONE_WORDS: Final = """
added adjusted applied bumped changed cleaned cleared closed configured converted corrected created deleted
deployed disabled documented enabled extended fixed implemented improved included increased installed
introduced lowered mended merged migrated mitigated moved patched pinned raised rebuilt reduced refactored
removed renamed repaired replaced resolved restarted restored reverted rewrote rolled shipped solved switched
tightened updated upgraded wrote
"""
_FIRST_DONE: Final = frozenset(_FIRST_DONE_WORDS.split())


def is_rule(sentence: str) -> bool:
    """Return whether a sentence may say what to do; in doubt, and if it is not English, it does."""
    words = [word.casefold().replace("’", "'") for word in _WORD.findall(sentence)]
    if all(word in _BLANK for word in words) or _OPEN.search(sentence) or sentence.endswith(("?", "？")):
        return False
    if _OBLIGING.search(sentence) or words[0] in _TAKING_A_CLAUSE:
        return True
    return not (words[0] in _FIRST_DONE or _WAS_DONE.match(sentence) or _BY_US.match(sentence))


def is_enough(rule: str) -> bool:
    """Return whether a rule has more than one meaningful word; always if it is not in ASCII."""
    said = [word for word in _WORD.findall(rule) if word.casefold() not in _POINTING]
    return len(said) > 1 or not rule.isascii()

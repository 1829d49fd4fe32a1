"""The many ways to write that there is nothing to tell."""

import re
from collections.abc import Sequence
from typing import Final

_CLAUSE = re.compile(r"[.;,!()\[\]\n]+(?=\s|$)|(?<!\w)[(\[]|\s[-–—]+\s|[。、（）；！]")
_WORD = re.compile(r"[^\W_]+(?:['/.][^\W_]+)*")

_NOTHING_WORDS: Final = """
none nope nothing nil null n/a n.a na nada nichts keine aucun aucune rien ninguno ninguna nenhum niente
なし 特になし 問題なし 該当なし ありません 特にありません 无 無 没有
"""

_GOOD_NEWS: Final = """
ok / okay / clean / clear / empty / fine / no / zero / 0 / see above / as above / same as above
all good / all clear / all fine / all ok / all well / all tests pass / all tests passed / no news
everything worked / everything went well / everything fine / everything ok / everything is fine
everything is ok / everything works / everything passed / as expected / as planned / worked as expected
everything worked as expected / everything as expected / everything went as expected
everything went as planned / went smoothly / ran smoothly / everything went smoothly
everything ran smoothly / contract was sufficient / contract was clear / the contract was sufficient
the contract was clear / contract covers this / the contract covered everything
"""

_TROUBLE_WORDS: Final = """
issue issues problem problems error errors gap gaps failure failures finding findings exception exceptions
blocker blockers concern concerns warning warnings anomaly anomalies ambiguity ambiguities incident
重大な問題 軽微な問題 既知の問題 問題 課題
incidents surprise surprises deviation deviations violation violations trouble troubles complaints
"""

_FILLING_WORDS: Final = """
a additional all an and any applicable apply applies are as at be been blocking by came contract critical
current currently detected during else encountered encounter execution far for found further had has
have here i identified identify in is it known log logged major mention mentioning minor missing more
new notable note noted noteworthy noticed now observed occurred of on open or other outstanding
particular raised recorded relevant remaining remarkable report reported run seen session significant
so special stood surfaced task that the there these this time to today unexpected unresolved unusual up
us was we were with worth yet went wrong out obvious
"""

_NOTHING: Final = frozenset(_NOTHING_WORDS.split())
_NO: Final = frozenset(("no", "zero", "0"))
_GOOD: Final = frozenset(_GOOD_NEWS.strip().replace("\n", " / ").split(" / "))
_TROUBLE: Final = frozenset(_TROUBLE_WORDS.split())
_FILLING: Final = frozenset(_FILLING_WORDS.split())
"""Words that add nothing to "no issues": a line of these alone tells of no trouble."""


def says_nothing(text: str) -> bool:
    """Tell whether the text only says that there is nothing to say; in doubt it says something."""
    clauses = (_said(clause) for clause in _CLAUSE.split(text.casefold().replace("’", "'")))
    return all(_denies(words) for words in clauses if words)


def _said(clause: str) -> Sequence[str]:
    """Return the words of a clause without a heading such as "Blocking issues:"."""
    heading, colon, rest = clause.replace("：", ":").partition(":")
    labels = (
        colon
        and rest.strip()
        and all(word in _FILLING or word in _TROUBLE for word in _WORD.findall(heading))
    )
    return _WORD.findall(rest if labels else clause)


def _denies(words: Sequence[str]) -> bool:
    if " ".join(words) in _GOOD:
        return True
    first, *rest = words
    if not all(word in _FILLING or word in _TROUBLE for word in rest):
        return False
    return first in _NOTHING or (first in _NO and any(word in _TROUBLE for word in rest))

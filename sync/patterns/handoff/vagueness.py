"""Tell texts that do not say what went wrong."""

from typing import Final

from sync.patterns.grouping.words import stem, stems

_VAGUE_WORDS: Final = """
something anything stuff went going wrong bad badly broke broken break breaks breaking fail failed fails
failing failure error errors issue issues problem problems trouble bug bugs crash crashed stopped stuck weird
strange odd oddly slow slowly redo redid redone retry retried retries repeat repeated yesterday today earlier
before same work worked works working unexpected unknown minor small some time times glitch glitches hiccup
hiccups flaky manual manually fix fixed fixing fine lot bit few happened happen thing things occurred various
misc usual run
"""
_VAGUE: Final = frozenset(stem(word) for word in _VAGUE_WORDS.split())


def is_vague(text: str) -> bool:
    """Return whether no word says what went wrong; words of other languages than English always do."""
    return all(word in _VAGUE for word in stems(text))

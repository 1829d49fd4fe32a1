"""Say the same again ever more rarely: once, then after a minute, then twice as long each time. Pure."""

from dataclasses import dataclass, replace

_FIRST_PAUSE = 60.0
_LONGEST_PAUSE = 3_600.0
_OVER_AFTER = 900.0
"""Seconds of silence after which the same is something new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What was said once, or more often.

    Attributes:
        met_at: When it was last to be said.
        next_at: Before that it is not said again.
        pause: Seconds from the last time that it was said until then.
        kept_back: How often it was not said since.
    """

    met_at: float
    next_at: float
    pause: float
    kept_back: int = 0


@dataclass(frozen=True, slots=True)
class Say:
    """It is to be said. `kept_back` tells how often it was not, since the last time."""

    kept_back: int


class Repetition:
    """What was said lately, each by a key: a family, and what makes it the same."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, str], _Said] = {}

    def meet(self, family: str, same: str, *, at: float) -> Say | None:
        """Decide whether something is said now; None when it was said lately.

        Args:
            family: What ends together.
            same: What makes it the same.
            at: Seconds that only ever grow.
        """
        self._forget_old(at)
        said = self._said.get((family, same))
        if said is not None and at < said.next_at:
            self._said[family, same] = replace(said, met_at=at, kept_back=said.kept_back + 1)
            return None
        pause = _FIRST_PAUSE if said is None else min(2 * said.pause, _LONGEST_PAUSE)
        self._said[family, same] = _Said(met_at=at, next_at=at + pause, pause=pause)
        return Say(0 if said is None else said.kept_back)

    def end(self, family: str) -> None:
        """Take what a family was about for over: the next time it is something new."""
        for key in [key for key in self._said if key[0] == family]:
            del self._said[key]

    def _forget_old(self, at: float) -> None:
        for key in [key for key, said in self._said.items() if at - said.met_at > _OVER_AFTER]:
            del self._said[key]

"""Repeat a message ever more rarely: after a minute, then after twice as long each time. Pure."""

from dataclasses import dataclass, replace

_FIRST_PAUSE = 60.0
_LONGEST_PAUSE = 3_600.0
_OVER_AFTER = 900.0
"""Seconds of silence after which the same message counts as new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A message that was said at least once.

    Attributes:
        met_at: When it last came up.
        next_at: When it may be said again.
        pause: The time from the last time it was said until `next_at`.
        kept_back: How often it was kept back since.
    """

    met_at: float
    next_at: float
    pause: float
    kept_back: int = 0


@dataclass(frozen=True, slots=True)
class Say:
    """Say the message; it was kept back `kept_back` times since it was last said."""

    kept_back: int


class Repetition:
    """Remember the messages that were said lately."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, str], _Said] = {}

    def meet(self, family: str, same: str, *, at: float) -> Say | None:
        """Decide whether a message is said now; None if it was said lately.

        Args:
            family: The group of messages that `end` forgets together.
            same: The text by which a repetition is recognised.
            at: The present, in monotonic seconds.
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
        """Forget the messages of a family, so that the next one counts as new."""
        for key in [key for key in self._said if key[0] == family]:
            del self._said[key]

    def _forget_old(self, at: float) -> None:
        for key in [key for key, said in self._said.items() if at - said.met_at > _OVER_AFTER]:
            del self._said[key]

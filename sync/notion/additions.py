"""An addition of properties whose answer has not come: what the next process has to know of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Additions:
    """Remembers that an addition is on its way, beyond the life of a process.

    Attributes:
        in_doubt: Tells for how long an earlier one may still be carried out; zero when there is none.
        begin: Remembers one, directly before it leaves.
        end: Forgets it: it was carried out, or never will be.
    """

    in_doubt: Callable[[], timedelta]
    begin: Callable[[], None]
    end: Callable[[], None]


FORGOTTEN = Additions(in_doubt=timedelta, begin=lambda: None, end=lambda: None)
"""Nothing is remembered, as where nothing is added or a person starts each attempt."""

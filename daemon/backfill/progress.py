"""How far a backfill is: the value that is shown while it works."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a backfill is.

    Attributes:
        total: All its logs; 0 while they are not counted yet.
        done: Those that are done with.
        waiting: Why nothing moves at the moment; empty when it does.
    """

    total: int
    done: int
    waiting: str = ""


ShowProgress: TypeAlias = Callable[[Progress], None]
"""Told of the progress, several times a second."""

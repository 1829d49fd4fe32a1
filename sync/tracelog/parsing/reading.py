"""A value read from a log together with what was wrong about the way it was written."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from sync.tracelog.model import FormatWarning

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What was understood, and the warnings that came up on the way."""

    value: T
    warnings: tuple[FormatWarning, ...] = ()

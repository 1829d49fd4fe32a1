"""A value read from a log, together with warnings about how it was written."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from sync.tracelog.model import FormatWarning

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """A value and the warnings about how it was written."""

    value: T
    warnings: tuple[FormatWarning, ...] = ()

"""What the grouping has to reach: what must be, and what would be good."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Bars:
    """The least AMI, pair-F1, Pattern-F1 and B-cubed precision; None where nothing is asked."""

    must: tuple[float | None, ...]
    good: tuple[float | None, ...]


WHOLE: Final = Bars((0.80, 0.74, 0.88, 0.80), (0.85, 0.80, 0.94, 0.85))
TITLES: Final = Bars((0.60, 0.53, 0.50, None), (0.72, 0.67, 0.60, None))

DRAWS: Final[Mapping[int, Bars]] = MappingProxyType(
    {
        30: Bars((0.71, None, 0.68, None), (0.78, None, 0.80, None)),
        60: Bars((0.74, 0.71, 0.75, None), (0.80, 0.78, 0.90, None)),
    }
)
"""By the number of texts that are drawn; means of twelve draws."""

GROWN_MUST: Final = 0.88
GROWN_GOOD: Final = 0.95
"""Adjusted Rand index on the texts that were there before a set grew from 150 to 207."""

"""The version of the grouping algorithm."""

from typing import Final

VERSION: Final = 4
"""Groups of different versions cannot be compared."""

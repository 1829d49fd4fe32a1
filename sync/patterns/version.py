"""Which way of grouping made the groups."""

from typing import Final

VERSION: Final = 4
"""Groups of different versions are answers to different questions."""

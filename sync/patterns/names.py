"""What patterns and records go by."""

from typing import TypeAlias

PatternId: TypeAlias = str
RecordKey: TypeAlias = str
"""The log and a digest of what the record says: `2026-01-10-x.md#5f2a90c1`."""

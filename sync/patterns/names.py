"""The ids of patterns and the keys of records."""

from typing import TypeAlias

PatternId: TypeAlias = str
RecordKey: TypeAlias = str
"""The path of the log and a digest of the record's essence, such as `2026-01-10-x.md#5f2a90c1`."""

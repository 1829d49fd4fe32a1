"""The names that every part shares: identities, and the properties of AI Traces."""

from enum import StrEnum
from typing import NewType

LogPath = NewType("LogPath", str)
"""Where a log lies: relative to the logs directory, POSIX, valid Unicode. Identifies the log."""

Key = NewType("Key", str)
"""What identifies a log in Notion: the host prefix, when there is one, and the log's path."""

PageId = NewType("PageId", str)
BlockId = NewType("BlockId", str)
UserId = NewType("UserId", str)
Digest = NewType("Digest", str)
"""SHA-256, 64 lower-case hexadecimal digits."""


class Property(StrEnum):
    """A property of AI Traces that the daemon manages; the value is its default name."""

    TITLE = "title"
    TYPE = "Type"
    TIMESTAMP = "Timestamp"
    ENV = "ENV"
    RISK = "RISK"
    TRANSITION = "STATE Transition"
    OUTCOME = "Outcome"
    SEVERITY = "Severity"
    SUMMARY = "Summary"
    TOOLS = "Tools"
    CONTRACT_REFERENCE = "Contract Reference"
    HAS_ISSUES = "Has Issues"
    CONTRACT_GAP = "Contract Gap"
    FORMAT_WARNINGS = "Format Warnings"
    LOG_PATH = "Log Path"
    CONTENT_HASH = "Content Hash"
    PATTERNS = "Patterns"

"""The time of day, for whoever hands it to what is pure."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the present time."""
    return datetime.now(UTC)

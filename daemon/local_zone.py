"""This machine's time zone, for timestamps that name none."""

from datetime import UTC, datetime, tzinfo

from tzlocal import get_localzone


def local_zone() -> tzinfo:
    """Return the time zone of this machine, or its present offset from UTC if its name is unknown.

    `TZ` may be a rule such as `CET-1CEST`, and a small system may have no zone database at all.
    """
    try:
        return get_localzone()
    except (LookupError, OSError, ValueError):
        return datetime.now().astimezone().tzinfo or UTC

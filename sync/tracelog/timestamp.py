"""Days and times as logs write them."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

_DAY = r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
_TIME = r"(?P<clock>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,](?P<fraction>[0-9]{1,9}))?"
_ZONE = r"(?P<zone>Z|UTC|GMT|(?P<sign>[+-])(?P<hours>[0-9]{2})(?::?(?P<minutes>[0-9]{2}))?)"
_TIMESTAMP = re.compile(rf"{_DAY}(?:(?:T|[ \t]+){_TIME}[ \t]*{_ZONE}?)?", re.IGNORECASE)


def parse_timestamp(text: str) -> datetime | date | None:
    """Read a day, or a day and a time; the time is naive when the text gives no zone.

    Returns:
        None when the text is no such thing, or no day of the calendar.
    """
    found = _TIMESTAMP.fullmatch(text)
    if found is None:
        return None
    try:
        day = date.fromisoformat(found["day"])
        if found["clock"] is None:
            return day
        microseconds = int((found["fraction"] or "0").ljust(6, "0")[:6])
        clock = time.fromisoformat(found["clock"]).replace(microsecond=microseconds)
        return in_calendar(datetime.combine(day, clock, tzinfo=_zone(found)))
    except ValueError:
        return None


def in_calendar(moment: datetime) -> datetime | None:
    """Return the moment unless it has no place in the calendar of UTC."""
    if moment.tzinfo is not None:
        try:
            moment.astimezone(UTC)
        except OverflowError:
            return None
    return moment


def _zone(found: re.Match[str]) -> timezone | None:
    if found["zone"] is None:
        return None
    if found["sign"] is None:
        return UTC
    offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or "0"))
    return timezone(-offset if found["sign"] == "-" else offset)

"""How times and users read, whatever names them."""

from datetime import datetime

from sync.notion.emulator.checks import Obj


def user(identity: str) -> Obj:
    """Return a user as other objects name it."""
    return {"object": "user", "id": identity}


def minute(when: datetime) -> str:
    """Return a time of a page or block: Notion cuts it to the minute."""
    return f"{when:%Y-%m-%dT%H:%M}:00.000Z"


def exact(when: datetime) -> str:
    """Return a time of a database or view."""
    return when.isoformat(timespec="milliseconds")

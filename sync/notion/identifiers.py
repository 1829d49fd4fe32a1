"""The ids of Notion in their one form, whatever a person copied or an answer says."""

import re
from urllib.parse import unquote, urlsplit
from uuid import UUID

from sync.errors import SyncError

_UUID = r"[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_BARE = re.compile(_UUID, re.IGNORECASE)
_LAST_IN_SLUG = re.compile(rf"(?:^|-)({_UUID})$", re.IGNORECASE)
_HOSTS = ("notion.so", "notion.com", "notion.site")
_TOKENS = ("ntn_", "secret_")


class NotAnId(SyncError):
    """The text names no Notion database."""


def database_id(text: str, *, called: str = "AI Traces") -> str:
    """Return the id in Notion's canonical form: lower case, with dashes.

    Args:
        text: An id with or without dashes, or the address of the database in Notion.
        called: What a person has to look for in Notion, for the error.
    """
    pasted = text.strip().strip("<>\"'")
    advice = f"Open {called} in Notion as a full page, choose Share → Copy link, and paste that link"
    if pasted.lower().startswith(_TOKENS):
        raise NotAnId("NOTION_DATABASE_ID holds a token", f"The token belongs into NOTION_TOKEN. {advice}")
    if _BARE.fullmatch(pasted):
        return str(UUID(pasted))
    found = _in_address(pasted)
    if found is None:
        raise NotAnId("NOTION_DATABASE_ID names no Notion database", advice)
    return str(UUID(found))


def canonical(identity: str) -> str:
    """Return an id in the one form that compares: lower case, with dashes; what is no UUID as it is."""
    return str(UUID(identity)) if _BARE.fullmatch(identity) else identity


def _in_address(pasted: str) -> str | None:
    """Find the id at the end of an address's path; what stands behind `?v=` is a view's."""
    try:
        address = urlsplit(pasted if "://" in pasted else f"https://{pasted}")
        host = (address.hostname or "").lower()
    except ValueError:
        return None
    if not any(host == known or host.endswith(f".{known}") for known in _HOSTS):
        return None
    slug = unquote(address.path).rstrip("/").rpartition("/")[2]
    found = _LAST_IN_SLUG.search(slug)
    return found[1] if found else None

"""Whom the token acts as, remembered: that never changes for a token, so that a start need not ask again."""

import hashlib
import json

from sync.names import UserId
from sync.notion.model import Author
from sync.state.store import Store

_FACT = "author"


def token_mark(token: str) -> str:
    """Return what tells a token from another one and does not lead back to it."""
    return hashlib.blake2b(token.encode(), digest_size=16, person=b"ai-traces").hexdigest()


def remember_author(store: Store, author: Author, *, mark: str) -> None:
    """Remember whom the token with this mark acts as."""
    known = {"mark": mark, "user": author.user_id, "owner": author.owner_id, "person": author.is_person}
    store.remember(_FACT, json.dumps(known))


def remembered_author(store: Store, *, mark: str) -> Author | None:
    """Return whom the token with this mark acts as; None when the last one was another."""
    known = json.loads(store.fact(_FACT) or "{}")
    if known.get("mark") != mark:
        return None
    return Author(UserId(known["user"]), UserId(known["owner"]), is_person=bool(known["person"]))

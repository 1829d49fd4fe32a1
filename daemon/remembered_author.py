"""Remember which Notion user the token acts as, so that a start need not ask again."""

import hashlib
import json

from sync.names import UserId
from sync.notion.model import Author
from sync.state.database import sensible
from sync.state.store import Store

_FACT = "author"


def token_mark(token: str) -> str:
    """Return a fingerprint of a token, which does not reveal it."""
    return hashlib.blake2b(token.encode(), digest_size=16, person=b"ai-traces").hexdigest()


def remember_author(store: Store, author: Author, *, mark: str) -> None:
    """Remember which user the token with this fingerprint acts as."""
    known = {"mark": mark, "user": author.user_id, "owner": author.owner_id, "person": author.is_person}
    store.remember(_FACT, json.dumps(known))


@sensible
def remembered_author(store: Store, *, mark: str) -> Author | None:
    """Return which user the token with this fingerprint acts as; None if another token was used last."""
    known = json.loads(store.fact(_FACT) or "{}")
    if known.get("mark") != mark:
        return None
    return Author(UserId(known["user"]), UserId(known["owner"]), is_person=bool(known["person"]))

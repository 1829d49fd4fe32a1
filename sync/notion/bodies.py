"""Parts of request bodies: the properties of a page, and the position of new blocks."""

from typing import Any, assert_never

from sync.names import Property
from sync.notion.schema import Encoded, Schema, encode_values
from sync.page.draft import PageDraft, Text
from sync.planning.actions import After, End, Position, Start


def encoded(draft: PageDraft, schema: Schema) -> Encoded:
    """Encode a draft's properties, with the key and the hash uncut whatever the properties say."""
    exact = {Property.LOG_PATH: Text(draft.key), Property.CONTENT_HASH: Text(draft.content_hash)}
    return encode_values(schema, {**draft.properties, **exact})


def encoded_position(position: Position) -> dict[str, Any]:
    """Return where new blocks go, as Notion takes it."""
    match position:
        case Start():
            return {"type": "start"}
        case End():
            return {"type": "end"}
        case After(block_id):
            return {"type": "after_block", "after_block": {"id": block_id}}
        case _:
            assert_never(position)

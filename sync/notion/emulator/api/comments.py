"""Endpoints of comments."""

from sync.notion.emulator.api.answers import CONNECTION, comment_object, list_object
from sync.notion.emulator.api.calls import Call, Capability, wrong_cursor
from sync.notion.emulator.checks import Obj, member, obj
from sync.notion.emulator.ids import given_id
from sync.notion.emulator.model import Comment, Edits
from sync.notion.emulator.refusals import invalid, restricted, undefined
from sync.notion.emulator.rules.rich_text import rich_text
from sync.notion.emulator.workspace import Workspace


def create(call: Call) -> Obj:
    """POST /v1/comments: a new discussion on a page or block, or a reply."""
    call.access.need(Capability.INSERT_COMMENTS)
    call.only_keys("parent", "rich_text", "discussion_id")
    text = rich_text(member(call.body, "rich_text", "body"), "body.rich_text")
    if not text:
        raise undefined("body.rich_text[0]")
    parent, discussion = _place(call)
    call.living(parent)
    comment = add_comment(call.ws, parent, text, discussion=discussion, user=call.ws.bot)
    return comment_object(call.ws, comment)


def listed(call: Call) -> Obj:
    """GET /v1/comments: the open comments on one page or block, not those on what is below it."""
    call.access.need(Capability.READ_COMMENTS)
    given = call.query.get("block_id")
    if not given:
        raise undefined("query.block_id")
    block = call.block(given[-1], "query.block_id")
    size, cursor = call.page_size(), call.cursor()
    said = [comment for comment in call.ws.comments.values() if comment.parent == block.id]
    start = 0
    if cursor is not None:
        places = {comment.id: place for place, comment in enumerate(said)}
        if cursor not in places:
            raise wrong_cursor(cursor)
        start = places[cursor]
    found = [comment_object(call.ws, comment) for comment in said[start : start + size]]
    rest = said[start + size :]
    return list_object(found, "comment", next_cursor=rest[0].id if rest else None)


def retrieve(call: Call) -> Obj:
    """GET /v1/comments/{comment_id}."""
    call.access.need(Capability.READ_COMMENTS)
    return comment_object(call.ws, _comment(call))


def update(call: Call) -> Obj:
    """PATCH /v1/comments/{comment_id}: only the connection's own."""
    call.access.need(Capability.INSERT_COMMENTS)
    comment = _own(call)
    call.only_keys("rich_text")
    comment.text = rich_text(member(call.body, "rich_text", "body"), "body.rich_text")
    comment.edits.again(call.ws.clock(), call.ws.bot)
    return comment_object(call.ws, comment)


def delete(call: Call) -> Obj:
    """DELETE /v1/comments/{comment_id}: only the connection's own."""
    call.access.need(Capability.INSERT_COMMENTS)
    comment = _own(call)
    del call.ws.comments[comment.id]
    return comment_object(call.ws, comment)


def add_comment(ws: Workspace, parent: str, text: list[Obj], *, discussion: str | None, user: str) -> Comment:
    """Put a comment on a page or block; it starts a discussion when it replies to none."""
    edits = Edits.first(ws.clock(), user)
    author = CONNECTION if user == ws.bot else "Jen"
    comment = Comment(ws.ids.uuid(), parent, discussion or ws.ids.uuid(), text, edits, author)
    ws.comments[comment.id] = comment
    return comment


def _place(call: Call) -> tuple[str, str | None]:
    if "discussion_id" in call.body:
        if "parent" in call.body:
            raise invalid(
                "body failed validation: only one of body.parent and body.discussion_id may be given."
            )
        discussion = given_id(call.body["discussion_id"], "body.discussion_id")
        for comment in call.ws.comments.values():
            if comment.discussion == discussion:
                return comment.parent, discussion
        raise call.missing("discussion", discussion)
    parent = obj(member(call.body, "parent", "body"), "body.parent", allowed=("type", "page_id", "block_id"))
    if "page_id" in parent:
        return call.page(parent["page_id"], "body.parent.page_id").id, None
    return call.block(member(parent, "block_id", "body.parent"), "body.parent.block_id").id, None


def _comment(call: Call) -> Comment:
    identity = given_id(call.ids[0], "path.comment_id")
    comment = call.ws.comments.get(identity)
    if comment is None:
        raise call.missing("comment", identity)
    call.block(comment.parent, "path.comment_id")
    return comment


def _own(call: Call) -> Comment:
    comment = _comment(call)
    if comment.edits.made_by != call.ws.bot:
        raise restricted()
    return comment

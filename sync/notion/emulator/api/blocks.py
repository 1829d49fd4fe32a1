"""Endpoints of blocks."""

from sync.notion.emulator.api.answers import block_object, database_as_block, list_object, page_as_block
from sync.notion.emulator.api.calls import Call, Capability, wrong_cursor
from sync.notion.emulator.api.media import media_block
from sync.notion.emulator.checks import Obj, boolean, member, obj
from sync.notion.emulator.ids import given_id
from sync.notion.emulator.model import Page, StoredBlock
from sync.notion.emulator.refusals import expected, invalid, one_of, unwanted
from sync.notion.emulator.rules.blocks import can_nest, changed_content, new_blocks


def retrieve(call: Call) -> Obj:
    """GET /v1/blocks/{block_id}."""
    call.access.need(Capability.READ)
    return _shown(call, call.block(call.ids[0], "path.block_id"))


def update(call: Call) -> Obj:
    """PATCH /v1/blocks/{block_id}: replace the fields given, or move the block to the trash and back."""
    call.access.need(Capability.UPDATE)
    block = call.block(call.ids[0], "path.block_id")
    if isinstance(block, Page):
        raise invalid("Updating a page via the blocks endpoint is not supported. Use the pages endpoint.")
    _only_own_type(call.body, block)
    restores = boolean(call.body.get("in_trash", True), "body.in_trash") is False
    call.living(block.parent if restores else block.id)
    if block.kind in call.body:
        content = changed_content(block.kind, block.content, call.body[block.kind], media=media_block(call))
        if block.kind == "table_row" and len(content["cells"]) != len(block.content["cells"]):
            raise expected(
                "body.table_row.cells.length", f"`{len(block.content['cells'])}`", len(content["cells"])
            )
        if block.content.get("is_toggleable") and not content["is_toggleable"] and block.children:
            raise invalid(
                "body failed validation: body.is_toggleable should stay true while the heading has children."
            )
        block.content = content
    block.in_trash = call.body.get("in_trash", False)
    call.ws.touch(block.id, user=call.ws.bot)
    return block_object(call.ws, block)


def delete(call: Call) -> Obj:
    """DELETE /v1/blocks/{block_id}: put a block, or a page, in the trash."""
    call.access.need(Capability.UPDATE)
    block = call.block(call.ids[0], "path.block_id")
    call.living(block.id)
    if isinstance(block, Page):
        block.in_trash = True
        call.ws.touch(block.id, user=call.ws.bot)
    else:
        call.ws.trash_block(block, user=call.ws.bot)
    return _shown(call, block)


def children(call: Call) -> Obj:
    """GET /v1/blocks/{block_id}/children: the databases of a page stand at its end."""
    call.access.need(Capability.READ)
    ws = call.ws
    parent = call.block(call.ids[0], "path.block_id")
    size, cursor = call.page_size(), call.cursor()
    below = {each.id: each for each in ws.databases.values() if each.parent == parent.id and each.is_shared}
    ids = [*parent.children, *below]
    start = 0
    if cursor is not None:
        identity = given_id(cursor, "query.start_cursor")
        if identity not in ids:
            raise wrong_cursor(cursor)
        start = ids.index(identity)
    living = [
        child for child in ids[start:] if not (below[child] if child in below else ws.blocks[child]).in_trash
    ]
    found = [
        database_as_block(below[child]) if child in below else block_object(ws, ws.blocks[child])
        for child in living[:size]
    ]
    return list_object(found, "block", next_cursor=living[size] if len(living) > size else None)


def append(call: Call) -> Obj:
    """PATCH /v1/blocks/{block_id}/children: new blocks first in the answer, then all that follow them."""
    call.access.need(Capability.INSERT)
    parent = call.block(call.ids[0], "path.block_id")
    call.only_keys("children", "position")
    table = parent if isinstance(parent, StoredBlock) and parent.kind == "table" else None
    blocks = new_blocks(
        member(call.body, "children", "body"),
        "body.children",
        media=media_block(call),
        within=table.content if table else None,
    )
    if not blocks:
        raise expected("body.children.length", "≥ `1`", 0)
    if isinstance(parent, StoredBlock) and not can_nest(parent.kind, parent.content):
        raise invalid(f"Block does not support children: {parent.kind}.")
    at = _position(call, parent)
    call.living(parent.id)
    call.access.need_blocks()
    made = call.ws.insert(parent.id, blocks, at=at, user=call.ws.bot)
    shown = made
    if at is not None:
        shown = [child for child in parent.children[at:] if not call.ws.blocks[child].in_trash]
    found = [block_object(call.ws, call.ws.blocks[child]) for child in shown[:100]]
    return list_object(found, "block", next_cursor=shown[100] if len(shown) > len(found) else None)


def _position(call: Call, parent: StoredBlock | Page) -> int | None:
    if "position" not in call.body:
        return None
    position = obj(call.body["position"], "body.position", allowed=("type", "after_block"))
    kind = member(position, "type", "body.position")
    if kind == "after_block":
        where = "body.position.after_block"
        anchor = obj(member(position, "after_block", "body.position"), where, allowed=("id",))
        identity = given_id(member(anchor, "id", where), f"{where}.id")
        if identity not in parent.children or call.ws.blocks[identity].in_trash:
            raise invalid(f"Block {identity} is not a child of {parent.id}, or is archived.")
        return parent.children.index(identity) + 1
    if "after_block" in position:
        raise unwanted("body.position.after_block", position["after_block"])
    if kind not in ("start", "end"):
        raise one_of("body.position.type", ("start", "end", "after_block"), kind)
    return 0 if kind == "start" else None


def _only_own_type(body: Obj, block: StoredBlock) -> None:
    for key, value in body.items():
        if key not in {"type", "in_trash", block.kind}:
            raise unwanted(f"body.{key}", value)
    if body.get("type", block.kind) != block.kind:
        raise invalid(f"The type of a block cannot be changed: it is {block.kind}, not {body['type']}.")
    if not {"in_trash", block.kind} & set(body):
        raise expected(f"body.{block.kind}", "defined", body)


def _shown(call: Call, block: StoredBlock | Page) -> Obj:
    return page_as_block(call.ws, block) if isinstance(block, Page) else block_object(call.ws, block)

"""The tools that an execution used: the bullets of Tools Used."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markdown_it.token import Token

from sync.tracelog.model import SectionName, Tool
from sync.tracelog.parsing.reading import Reading
from sync.tracelog.rules import Rule
from sync.tracelog.sections import TokenizedSection
from sync.tracelog.template import PLACEHOLDERS
from sync.tracelog.words import code_masked, inline_text

_COLON = re.compile(r":(?=\s|$)|：")
_DASH = re.compile(r"\s(?:[-–—]|[-=]+>|→)\s")


class _Bullet(NamedTuple):
    """An item of a top-level list. `details` is true if it has more than one line."""

    tool: Tool
    line: int
    details: bool


def read_tools(part: TokenizedSection | None) -> Reading[tuple[Tool, ...]]:
    """Read each bullet as a tool's name and, after a colon or a dash, its result.

    Deeper bullets and further paragraphs belong to their tool. The template's own bullets are no tools.
    """
    if part is None:
        return Reading(())
    bullets = tuple(_bullets(part.tokens))
    tools = tuple(bullet.tool for bullet in bullets if not _is_template(bullet.tool))
    if not bullets:
        unlisted = part.says_something
        return Reading((), (Rule.TOOLS_LIST.at(part.section.line),) if unlisted else ())
    bare = next((bullet for bullet in bullets if not bullet.tool.result and not bullet.details), None)
    return Reading(tools, () if bare is None else (Rule.TOOL_RESULT.at(bare.line),))


def _bullets(tokens: Sequence[Token]) -> Iterator[_Bullet]:
    for index, token in enumerate(tokens):
        if token.type != "list_item_open" or token.level != 1:
            continue
        opening, inline = tokens[index + 1], tokens[index + 2] if index + 2 < len(tokens) else token
        if opening.type not in {"paragraph_open", "heading_open"} or inline.map is None:
            continue
        text = inline_text(inline)
        tool = _split(text, code_masked(inline, text))
        if tool.name:
            last = tokens[index + 4].type == "list_item_close"
            yield _Bullet(tool, inline.map[0] + 1, details=not last or "\n" in text)


def read_tool(inline: Token) -> Tool:
    """Split the text of one bullet into name and result."""
    text = inline_text(inline)
    return _split(text, code_masked(inline, text))


def _split(text: str, searched: str) -> Tool:
    """Split a text where `searched`, the same text with its code blanked out, has the sign."""
    first_line = searched.partition("\n")[0]
    mark = _COLON.search(first_line) or _DASH.search(first_line)
    if mark is None:
        return Tool(text[: len(first_line)].strip(), "")
    return Tool(text[: mark.start()].strip(), " ".join(text[mark.end() :].split()))


def _is_template(tool: Tool) -> bool:
    placeholder = PLACEHOLDERS[SectionName.TOOLS_USED]
    return tool.result == placeholder

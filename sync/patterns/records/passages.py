"""The passages of a section: its list items, paragraphs, table rows and code blocks, each with its line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it.token import Token

from sync.tracelog.words import inline_text


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of a section.

    Attributes:
        line: The line where it begins, from 1.
        text: Its text on one line.
        is_code: Whether it is a code block, such as the output of a tool.
        leads_in: Whether it ends in a colon or is entirely bold, as the introduction of a list.
    """

    line: int
    text: str
    is_code: bool = False
    leads_in: bool = False


def passages(tokens: Sequence[Token], lines: range) -> tuple[Passage, ...]:
    """Return the passages that begin on these lines, from 0; nested items belong to the outermost one.

    Headings, and the introductions of what is below them, are left out.
    """
    found = [passage for passage in _blocks(_on(tokens, lines)) if passage.text]
    return tuple(
        passage
        for passage, after in pairwise([*found, None])
        if passage is not None and not (passage.leads_in and after is not None)
    )


def _on(tokens: Sequence[Token], lines: range) -> Sequence[Token]:
    begins = ((index, token.map[0]) for index, token in enumerate(tokens) if token.map)
    inside = [(index, line) for index, line in begins if line >= lines.start]
    start = next((index for index, line in inside if line in lines), len(tokens))
    stop = next((index for index, line in inside if index >= start and line >= lines.stop), len(tokens))
    return tokens[start:stop]


def _blocks(tokens: Sequence[Token]) -> Iterator[Passage]:
    index = 0
    while index < len(tokens):
        token = tokens[index]
        match token.type:
            case "list_item_open" | "tr_open":
                end = _end(tokens, index)
                yield from _item(tokens[index:end], row=token.type == "tr_open")
                index = end
            case "heading_open" | "thead_open":
                index = _end(tokens, index)
            case "inline":
                yield Passage(_line(token), _flat(inline_text(token)), leads_in=_leads_in(token))
            case "fence" | "code_block":
                yield Passage(_line(token), _flat(token.content), is_code=True)
            case _:
                pass
        index += 1


def _item(tokens: Sequence[Token], *, row: bool) -> Iterator[Passage]:
    said = [token for token in tokens if token.type == "inline" and inline_text(token).strip()]
    if said:
        between = " · " if row else " "
        yield Passage(_line(said[0]), between.join(_flat(inline_text(token)) for token in said))


def _leads_in(inline: Token) -> bool:
    said = inline_text(inline).strip()
    spans = [child for child in inline.children or () if child.type != "text" or child.content.strip(" :：")]
    bold = len(spans) > 1 and spans[0].type == "strong_open" and spans[-1].type == "strong_close"
    inner = [child.type for child in spans].count("strong_open") == 1
    return said.endswith((":", "：")) or (bold and inner)


def _end(tokens: Sequence[Token], start: int) -> int:
    """Return the index of the token that closes the one at `start`."""
    depth = 0
    for index in range(start, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index
    return len(tokens) - 1


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1


def _flat(text: str) -> str:
    return " ".join(text.split())

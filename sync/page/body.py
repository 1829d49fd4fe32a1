"""Turn markdown tokens into the blocks of a page: every visible word, in the order of the log."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import takewhile
from types import MappingProxyType
from typing import Final

from markdown_it.token import Token

from sync.page.blocks import Block, Code, Divider, Paragraph, RichText, Run
from sync.page.containers import UNORDERED, Container, Listed, PageTop, Quoted, close, headings, paragraphs
from sync.page.inline import is_checkbox, rich_text
from sync.page.languages import beside_language, language
from sync.page.richtext import fitted, holdable, joined, lines, normalised
from sync.page.tables import table
from sync.tracelog.model import TraceLog

_LOWEST_HEADING: Final = 4
_EMPTY: Final = Paragraph((Run("(empty log)"),), muted=True)


def body(log: TraceLog) -> tuple[Block, ...]:
    """Return the blocks of the log: its front matter, its header in one muted block, then the rest."""
    reading = _Reading(iter(log.tokens), log.text.split("\n"), log.header_lines)
    for token in reading.stream:
        if (take := _TAKE.get(token.type)) is not None:
            take(reading, token)
        elif token.content:
            reading.inner.write((Run(holdable(token.content)),))
    front = _code(log.front_matter, "yaml") if log.front_matter.strip() else ()
    header = paragraphs(joined(reading.header, "\n"), muted=True) if reading.header else ()
    return (*front, *header, *reading.inner.blocks) or (_EMPTY,)


@dataclass(slots=True)
class _Counting:
    """A list that is being read; `number` is that of the next item, None in an unordered list."""

    number: int | None
    delimiter: str


@dataclass(slots=True)
class _Reading:
    """The state of reading. Containers are on an explicit stack, so that nesting cannot exhaust Python's."""

    stream: Iterator[Token]
    source: Sequence[str]
    header_lines: AbstractSet[int]
    header: list[RichText] = field(default_factory=list)
    heading: int | None = None
    lists: list[_Counting] = field(default_factory=list)
    containers: list[Container] = field(default_factory=lambda: [Container(PageTop())])

    @property
    def inner(self) -> Container:
        return self.containers[-1]


def _take_inline(reading: _Reading, token: Token) -> None:
    inner = reading.containers[-1]
    tokens = token.children or []
    text = rich_text(tokens)
    if tokens and is_checkbox(tokens[0]) and inner.is_empty:
        inner.checked = "checked=" in tokens[0].content
        text = _without_indent(text)
    rows, text = _parted_header(text, range(*(token.map or (0, 0))), reading.header_lines)
    if rows:
        reading.header.extend(rows)
        inner.emptied = True
        if not text:
            return
    if reading.heading is None:
        inner.write(text)
    else:
        for block in headings(reading.heading, text):
            inner.add(block)


def _parted_header(
    text: RichText, span: Sequence[int], header_lines: AbstractSet[int]
) -> tuple[tuple[RichText, ...], RichText]:
    """Part a paragraph into the rows of the log's header and the remaining text.

    Args:
        text: The paragraph.
        span: The lines of the log that it is on.
        header_lines: The lines of the header.
    """
    if header_lines.isdisjoint(span):
        return (), text
    own = [line in header_lines for line in span]
    rows = lines(text)
    if all(own) or len(rows) != len(own):
        return rows, ()
    ours = tuple(row for row, mine in zip(rows, own, strict=True) if mine)
    rest = (row for row, mine in zip(rows, own, strict=True) if not mine)
    return ours, joined(rest, "\n")


def _without_indent(text: RichText) -> RichText:
    return normalised(
        (Run(run.text if i else run.text.lstrip(), run.style, run.link) for i, run in enumerate(text))
    )


def _open_heading(reading: _Reading, token: Token) -> None:
    reading.heading = min(int(token.tag[1:]), _LOWEST_HEADING)


def _close_heading(reading: _Reading, _: Token) -> None:
    reading.heading = None


def _open_list(reading: _Reading, token: Token) -> None:
    number = int(token.attrs.get("start", 1)) if token.type == "ordered_list_open" else None
    reading.lists.append(_Counting(number, token.markup))


def _close_list(reading: _Reading, _: Token) -> None:
    reading.lists.pop()


def _open_item(reading: _Reading, _: Token) -> None:
    counting = reading.lists[-1]
    if counting.number is None:
        reading.containers.append(Container(UNORDERED))
        return
    label = f"{counting.number}{counting.delimiter}"
    reading.containers.append(Container(Listed(label, counting.number)))
    counting.number += 1


def _open_quote(reading: _Reading, _: Token) -> None:
    reading.containers.append(Container(Quoted()))


def _close_container(reading: _Reading, _: Token) -> None:
    container = reading.containers.pop()
    close(container, into=reading.inner, level=len(reading.containers) - 1)


def _take_fence(reading: _Reading, token: Token) -> None:
    code = _code(token.content.removesuffix("\n"), language(token.info))
    blocks: tuple[Block, ...] = (*_titled(beside_language(token.info)), *code)
    for block in blocks:
        reading.inner.add(block)


def _take_rule(reading: _Reading, _: Token) -> None:
    reading.inner.add(Divider())


def _take_table(reading: _Reading, token: Token) -> None:
    inside = takewhile(lambda each: each.type != "table_close", reading.stream)
    for block in table([token, *inside], reading.source):
        reading.inner.add(block)


def _titled(words: str) -> tuple[Paragraph, ...]:
    """Return a line above the code with what its fence says besides the language."""
    return paragraphs((Run(holdable(words)),), muted=True) if words else ()


def _code(text: str, written_in: str) -> tuple[Code, ...]:
    whole = normalised((Run(holdable(text)),))
    return tuple(Code(piece, written_in) for piece in fitted(whole, breaks="\n "))


_TAKE: Final[Mapping[str, Callable[[_Reading, Token], None]]] = MappingProxyType(
    {
        "inline": _take_inline,
        "heading_open": _open_heading,
        "heading_close": _close_heading,
        "bullet_list_open": _open_list,
        "bullet_list_close": _close_list,
        "ordered_list_open": _open_list,
        "ordered_list_close": _close_list,
        "list_item_open": _open_item,
        "list_item_close": _close_container,
        "blockquote_open": _open_quote,
        "blockquote_close": _close_container,
        "fence": _take_fence,
        "code_block": _take_fence,
        "hr": _take_rule,
        "table_open": _take_table,
    }
)

"""No word of a log is lost on its page, whatever the log is made of, and Notion takes each block."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.page.blocks import Code, Heading, Table, TableRow
from sync.page.languages import LANGUAGES
from sync.page.limits import MAX_BLOCK_TEXT, MAX_COLUMNS, MAX_ITEMS, MAX_TEXT, utf16_length
from sync.page.richtext import plain
from sync.page.wire import encode_block
from tests.worlds.bodies import body, texts, walk, words

DEEPEST = 20


@dataclass(frozen=True)
class Piece:
    """A piece of markdown, and the words that a reader of it sees."""

    markdown: str
    words: tuple[str, ...]


BASES = (
    "word",
    "日本語",
    "naïve",
    "e\u0301clair",
    "👩\u200d👩\u200d👧",
    "🏳\ufe0f\u200d🌈",
    "𝒳",
    "Ωmega",
    "क\u093fक",
)
word = st.builds(lambda base, number: f"{base}{number}", st.sampled_from(BASES), st.integers(0, 99_999))
TEMPLATES = (
    *("{}", "{}", "**{}**", "*{}*", "~~{}~~", "`{}`", "***{}***", "__{}__", "[{}](https://example.com/a)"),
    *(
        "[{}](docs/{}.md)",
        "![{}](img/{}.png)",
        "<b>{}</b>",
        "<{}",
        "[{}]: {}",
        "[{}] ",
        "\\*{}\\*",
        "{}@example.com",
    ),
    *(
        "https://example.com/{}",
        "[{}](<a {}> 'x {}')",
        "[![{}](i)](https://example.com 'T{}')",
        "&lt;{}&gt;",
        "$ {}",
    ),
)


def filled(template: str) -> st.SearchStrategy[Piece]:
    """Fill the places of a template with words."""
    return st.lists(word, min_size=template.count("{}"), max_size=template.count("{}")).map(
        lambda some: Piece(template.format(*some), tuple(some))
    )


inline = st.sampled_from(TEMPLATES).flatmap(filled)


def sequence(pieces: Sequence[Piece], separator: str) -> Piece:
    """Put pieces behind each other."""
    return Piece(separator.join(p.markdown for p in pieces), tuple(w for p in pieces for w in p.words))


def around(before: str, pieces: Piece, after: str = "") -> Piece:
    """Put markup around a piece."""
    return Piece(before + pieces.markdown + after, pieces.words)


def nested(first: str, other: str, piece: Piece) -> Piece:
    """Put a piece into a quote or list item: `first` before its first line, `other` before the rest."""
    return Piece(first + piece.markdown.replace("\n", f"\n{other}"), piece.words)


line = st.lists(inline, min_size=1, max_size=6).map(lambda pieces: sequence(pieces, " "))
paragraph = st.lists(line, min_size=1, max_size=3).map(lambda pieces: sequence(pieces, "\n"))
heading = st.builds(lambda level, text: around("#" * level + " ", text), st.integers(1, 6), line)
fence = st.builds(
    lambda info, some: Piece(f"````{info}\n{' '.join(some)}\n````", (*info.split()[1:], *some)),
    st.sampled_from(["", "py", "json title=x", "nonsense src/b9.py"]),
    st.lists(word, max_size=4),
)
cell = filled("{}") | filled("**{}**") | filled("`{}`") | st.just(Piece("", ()))
table_row = st.lists(cell, min_size=1, max_size=5).map(
    lambda cells: around("| ", sequence(cells, " | "), " |")
)
table = st.builds(
    lambda head, rows: sequence([around("| ", head, " | h |\n|---|---|"), *rows], "\n"),
    filled("{}"),
    st.lists(table_row, max_size=4),
)
leaf = st.one_of(paragraph, heading, fence, table, st.just(Piece("---", ())))


def containers(inner: st.SearchStrategy[Piece]) -> st.SearchStrategy[Piece]:
    """Nest blocks in a quote, an item or a task."""
    several = st.lists(inner, min_size=1, max_size=3).map(lambda pieces: sequence(pieces, "\n\n"))
    return st.one_of(
        several.map(lambda piece: nested("> ", "> ", piece)),
        several.map(lambda piece: nested("- ", "  ", piece)),
        several.map(lambda piece: nested("- [x] ", "  ", piece)),
        several.map(lambda piece: nested("* ", "  ", piece)),
        st.builds(
            lambda number, piece: nested(f"{number}. ", " " * (len(str(number)) + 2), piece),
            st.sampled_from([1, 2, 3, 10]),
            several,
        ),
    )


document = st.lists(st.recursive(leaf, containers, max_leaves=5), max_size=5).map(
    lambda pieces: sequence(pieces, "\n\n")
)


@given(document)
def test_no_word_is_lost(piece: Piece) -> None:
    """Every word that a reader of the log sees is on the page."""
    page = words(body(piece.markdown))
    assert [word for word in piece.words if word not in page] == []


@pytest.mark.parametrize("markdown", ["{}", "```json\n{}\n```", "    {}", "> {}", "- {}", "# {}"])
def test_a_long_line_is_cut_between_words(markdown: str) -> None:
    """In code as well as in text: a word that stands in two blocks is found in neither."""
    line = [f"word{number}" for number in range(5_000)]
    blocks = walk(body(markdown.format(" ".join(line))))
    page = [word for _, block in blocks for text in texts(block) for word in plain(text).split()]
    assert page == line


@given(document, st.integers(1, 400))
def test_every_block_is_within_the_limits(piece: Piece, times: int) -> None:
    """Whatever the log, Notion takes each of its blocks."""
    blocks = body(piece.markdown.replace(" ", " " + " ".join(piece.words) * (times // 20) + " ", 3))
    for level, block in walk(blocks):
        assert level < DEEPEST + isinstance(block, TableRow)
        assert sum(utf16_length(plain(text)) for text in texts(block)) <= MAX_BLOCK_TEXT
        match block:
            case Table():
                assert 1 <= block.width <= MAX_COLUMNS
                assert block.rows
                assert {len(row.cells) for row in block.rows} == {block.width}
            case Code():
                assert block.language in LANGUAGES
            case Heading():
                assert 1 <= block.level <= 4
            case _:
                pass
    payload = [encode_block(block) for block in blocks]
    assert json.dumps(payload, ensure_ascii=False).encode()
    for array in rich_text_arrays(payload):
        assert len(array) <= MAX_ITEMS
        for item in array:
            assert 0 < utf16_length(item["text"]["content"]) <= MAX_TEXT


def rich_text_arrays(payload: object) -> Iterator[list[Any]]:
    """Return every array of rich text items in a request."""
    match payload:
        case {"rich_text": array, **others}:
            yield array
            yield from rich_text_arrays(list(others.values()))
        case {"cells": cells}:
            yield from cells
        case dict():
            yield from rich_text_arrays(list(payload.values()))
        case list():
            for value in payload:
                yield from rich_text_arrays(value)
        case _:
            pass


@given(st.text(st.sampled_from("#*_`~[]()!<>|-+=.:;\\/&$@ 1ax\n\té👍\x07"), max_size=200))
def test_any_text_can_be_rendered(text: str) -> None:
    """No markup, however broken, stops a log, and what comes out can be sent."""
    blocks = body(text)
    assert max(level for level, _ in walk(blocks)) <= DEEPEST
    assert json.dumps([encode_block(block) for block in blocks], ensure_ascii=False).encode()


@given(document, document.filter(lambda piece: "]: " not in piece.markdown))
def test_appending_keeps_what_stands_before(piece: Piece, more: Piece) -> None:
    """A log that grows keeps its blocks: nothing before the addition changes."""
    log = f"# Execution Log: T\n\n## Task\n\n{piece.markdown}\n\nend"
    before = body(log)
    after = body(f"{log}\n\n{more.markdown}")
    assert after[: len(before)] == before

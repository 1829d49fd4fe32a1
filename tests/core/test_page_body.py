import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.token import Token

from sync.names import Digest, Key, LogPath
from sync.page.blocks import (
    PLAIN,
    Attachment,
    Block,
    Bullet,
    Code,
    Divider,
    Heading,
    Numbered,
    Paragraph,
    Quote,
    RichText,
    Run,
    Style,
    Table,
    TableRow,
    ToDo,
    children,
)
from sync.page.languages import LANGUAGES
from sync.page.limits import MAX_BLOCK_TEXT, MAX_COLUMNS, MAX_ITEMS, MAX_TEXT, MAX_URL, utf16_length
from sync.page.render import render
from sync.page.richtext import plain
from sync.page.wire import encode
from sync.tracelog.parsing.parser import parse

BOLD, ITALIC, STRUCK, CODE = Style(bold=True), Style(italic=True), Style(strikethrough=True), Style(code=True)
DEEPEST = 20


def body(markdown: str) -> tuple[Block, ...]:
    """Return the body of a log."""
    log = parse(markdown.encode(), LogPath("2026-01-10-task-7.md"), zone=UTC)
    return render(log, key=Key("k"), content_hash=Digest("0" * 64)).body


def t(text: str, style: Style = PLAIN, link: str | None = None) -> RichText:
    """Return a text of one run."""
    return (Run(text, style, link),)


def row(*cells: str) -> TableRow:
    """Return a row of plain cells."""
    return TableRow(tuple(t(cell) if cell else () for cell in cells))


def walk(blocks: Sequence[Block]) -> Iterator[tuple[int, Block]]:
    """Return every block with its level, in the order in which it is read."""
    todo = [(0, block) for block in reversed(blocks)]
    while todo:
        level, block = todo.pop()
        yield level, block
        todo.extend((level + 1, child) for child in reversed(children(block)))


def words(blocks: Sequence[Block]) -> str:
    """Return all text of a page, a space between two blocks or cells."""
    return " ".join(plain(text) for _, block in walk(blocks) for text in texts(block))


def texts(block: Block) -> tuple[RichText, ...]:
    """Return a block's own texts."""
    match block:
        case TableRow():
            return block.cells
        case Divider() | Table() | Attachment():
            return ()
        case _:
            return (block.text,)


EXAMPLES: list[tuple[str, tuple[Block, ...]]] = [
    ("plain", (Paragraph(t("plain")),)),
    (
        "# T\n# one\n## two\n### three\n#### four",
        (
            Paragraph(t("T"), muted=True),
            Heading(1, t("one")),
            Heading(2, t("two")),
            Heading(3, t("three")),
            Heading(4, t("four")),
        ),
    ),
    ("##### five\n\n###### six", (Heading(4, t("five")), Heading(4, t("six")))),
    ("Setext\n------", (Heading(2, t("Setext")),)),
    ("soft\nbreak and hard  \nbreak", (Paragraph(t("soft\nbreak and hard\nbreak")),)),
    (
        "**b** *i* ~~s~~ `c`",
        (
            Paragraph(
                (
                    *(Run("b", BOLD), Run(" "), Run("i", ITALIC), Run(" ")),
                    *(Run("s", STRUCK), Run(" "), Run("c", CODE)),
                )
            ),
        ),
    ),
    ("**b _bi_**", (Paragraph((Run("b ", BOLD), Run("bi", Style(bold=True, italic=True)))),)),
    ("`a\\*b` \\*c\\* &amp; &copy;", (Paragraph((Run("a\\*b", CODE), Run(" *c* & ©"))),)),
    ("- a\n- b", (Bullet(t("a")), Bullet(t("b")))),
    ("- a\n  - b\n    - c\n- d", (Bullet(t("a"), (Bullet(t("b"), (Bullet(t("c")),)),)), Bullet(t("d")))),
    (
        "- a\n\n  more\n\n  ```\n  x\n  ```",
        (Bullet(t("a"), (Paragraph(t("more")), Code(t("x"), "plain text"))),),
    ),
    ("- ```sh\n  ls\n  ```", (Bullet((), (Code(t("ls"), "shell"),)),)),
    ("- # head", (Bullet((), (Heading(1, t("head")),)),)),
    ("-", (Bullet(()),)),
    ("1. a\n2. b", (Numbered(t("a")), Numbered(t("b")))),
    ("1. a\n1. b", (Numbered(t("a")), Numbered(t("b")))),
    ("3. c\n4. d", (Paragraph(t("3. c")), Paragraph(t("4. d")))),
    ("0) a", (Paragraph(t("0) a")),)),
    (
        "1. a\n\n```\nx\n```\n\n2. b\n   - c",
        (Numbered(t("a")), Code(t("x"), "plain text"), Paragraph(t("2. b"), (Bullet(t("c")),))),
    ),
    ("1. a\n\n1) b", (Numbered(t("a")), Paragraph(t("1) b")))),
    ("1. a\n\n2) b", (Numbered(t("a")), Numbered(t("b")))),
    ("- 1. a\n- 1. b", (Bullet((), (Numbered(t("a")),)), Bullet((), (Numbered(t("b")),)))),
    (
        "- [ ] a\n- [x] **b** c",
        (ToDo(t("a"), checked=False), ToDo((Run("b", BOLD), Run(" c")), checked=True)),
    ),
    ("1. [x] a\n2. b", (ToDo(t("1. a"), checked=True), Paragraph(t("2. b")))),
    ("> a\n> b\n>\n> c", (Quote(t("a\nb"), (Paragraph(t("c")),)),)),
    ("> > a\n>\n> - b", (Quote((), (Quote(t("a")), Bullet(t("b")))),)),
    (">", (Quote(()),)),
    ("```py\nx = 1\n\n  y\n```", (Code(t("x = 1\n\n  y"), "python"),)),
    ("    indented", (Code(t("indented"), "plain text"),)),
    ("```\n```", (Code((), "plain text"),)),
    ("```js\nopen", (Code(t("open"), "javascript"),)),
    ("```py src/app.py\nx\n```", (Paragraph(t("src/app.py"), muted=True), Code(t("x"), "python"))),
    ("```ini\nx\n```", (Paragraph(t("ini"), muted=True), Code(t("x"), "plain text"))),
    (
        "- ```sh $ run\n  ls\n  ```",
        (Bullet((), (Paragraph(t("$ run"), muted=True), Code(t("ls"), "shell"))),),
    ),
    ("a\n\n---\n\nb", (Paragraph(t("a")), Divider(), Paragraph(t("b")))),
    ("|a|b|\n|-|-|\n|1|2|\n|3|", (Table(2, (row("a", "b"), row("1", "2"), row("3", ""))),)),
    ("|a|b|\n|-|-|\n|1|2|3|`4`|", (Table(2, (row("a", "b"), row("1", "2 | 3 | `4`"))),)),
    ("|a|b|\n|-|-|\n||2|3|\n|1||3|", (Table(2, (row("a", "b"), row("", "2 | 3"), row("1", "3"))),)),
    ("a|b\n-|-\n1|2|3", (Table(2, (row("a", "b"), row("1", "2 | 3"))),)),
    ("> |a|\n> |-|\n> |1|2|", (Quote((), (Table(1, (row("a"), row("1 | 2"))),)),)),
    ("|a|\n|-|\n|x \\| y|", (Table(1, (row("a"), row("x | y"))),)),
    ("[a](https://example.com/x)", (Paragraph(t("a", PLAIN, "https://example.com/x")),)),
    ("https://example.com/x", (Paragraph(t("https://example.com/x", PLAIN, "https://example.com/x")),)),
    ("<mailto:a@example.com>", (Paragraph(t("mailto:a@example.com", PLAIN, "mailto:a@example.com")),)),
    ("README.md main.py", (Paragraph(t("README.md main.py")),)),
    ("[a](docs/x.md)", (Paragraph(t("a (docs/x.md)")),)),
    ("[a](./bä.md#c)", (Paragraph(t("a (./bä.md#c)")),)),
    ("[a](a%20b.md)", (Paragraph(t("a (a%20b.md)")),)),
    ("[a](caf%E9.md)", (Paragraph(t("a (caf%E9.md)")),)),
    ("[a](C:\\x\\y)", (Paragraph(t("a (C:\\x\\y)")),)),
    ("[x.md](x.md)", (Paragraph(t("x.md")),)),
    ("<ftp://example.com/x>", (Paragraph(t("ftp://example.com/x")),)),
    ("[a](https://<host>/x)", (Paragraph(t("a (https://<host>/x)")),)),
    ("[a](https://${HOST}/x)", (Paragraph(t("a (https://${HOST}/x)")),)),
    ("[a](javascript:x)", (Paragraph(t("[a](javascript:x)")),)),
    ("[](https://example.com)", (Paragraph(t("https://example.com", PLAIN, "https://example.com")),)),
    ('[a](x.md "T")', (Paragraph(t('a (x.md "T")')),)),
    (
        '[a](https://example.com "T")',
        (Paragraph((Run("a", link="https://example.com"), Run(' ("T")'))),),
    ),
    ("![alt](path/x.png)", (Paragraph(t("alt (path/x.png)")),)),
    ("![](path/x.png)", (Paragraph(t("path/x.png")),)),
    ('![*alt*](x.png "T")', (Paragraph((Run("alt", ITALIC), Run(' (x.png "T")'))),)),
    (
        "![alt](https://example.com/x.png)",
        (
            Paragraph(
                (Run("alt ("), Run("https://example.com/x.png", link="https://example.com/x.png"), Run(")"))
            ),
        ),
    ),
    (
        "[![ci](badge.svg)](https://example.com)",
        (Paragraph(t("ci (badge.svg)", PLAIN, "https://example.com")),),
    ),
    ("a <b>c</b><br> <!-- d -->", (Paragraph(t("a <b>c</b><br> <!-- d -->")),)),
    ("<div>\nx\n</div>", (Paragraph(t("<div>\nx\n</div>")),)),
    ("@Jen $x$ :smile: [[x]]", (Paragraph(t("@Jen $x$ :smile: [[x]]")),)),
    ("[WARN]: timeout", (Paragraph(t("[WARN]: timeout")),)),
    ("", (Paragraph(t("(empty log)"), muted=True),)),
    (" \n\n", (Paragraph(t("(empty log)"), muted=True),)),
    ("a\x1b[0m", (Paragraph(t("a␛[0m")),)),
    ("---\nx: y\n---\n\na", (Code(t("x: y"), "yaml"), Paragraph(t("a")))),
]


@pytest.mark.parametrize(("markdown", "expected"), EXAMPLES)
def test_each_construct_has_its_block(markdown: str, expected: tuple[Block, ...]) -> None:
    """What markdown means is what the page shows."""
    assert body(markdown) == expected


def test_the_header_is_one_muted_block() -> None:
    """Title and fields stand first, as written; what stands between them keeps its own block."""
    blocks = body(
        "# Execution Log: T-1\n\nintro\n\n**ENV:** dev\n**RISK:** ?\nand more\n\n"
        "- **Timestamp:** now\n\n## Task\nx"
    )
    assert isinstance(blocks[0], Paragraph)
    assert blocks[0].muted
    assert plain(blocks[0].text) == "Execution Log: T-1\nENV: dev\nRISK: ?\nTimestamp: now"
    assert Run("ENV:", BOLD) in blocks[0].text
    assert blocks[1:] == (
        *(Paragraph(t("intro")), Paragraph(t("and more"))),
        *(Heading(2, t("Task")), Paragraph(t("x"))),
    )


def test_a_header_whose_lines_cannot_be_told_apart_stays_whole() -> None:
    """Code over a line end is shown on one line; nothing is lost for that."""
    blocks = body("# Execution Log: T-1\n\n**ENV:** dev\nof `a\nb` c\n\n## Task")
    assert words(blocks) == "Execution Log: T-1\nENV: dev\nof a b c Task"


def test_long_text_continues_in_a_block_of_the_same_kind() -> None:
    """Paragraphs and headings go on beside, items and quotes below, code at a line end."""
    long = " ".join(["word"] * 3_000)
    assert [type(block) for block in body(long)] == [Paragraph, Paragraph]
    assert [type(block) for block in body(f"## {long}")] == [Heading, Heading]
    for opening in ("- ", "> ", "1. "):
        (item,) = body(opening + long)
        assert [type(child) for child in children(item)] == [Paragraph]
    lines = "\n".join(["line of code"] * 1_000)
    blocks = body(f"```\n{lines}\n```")
    assert "\n".join(plain(text) for block in blocks for text in texts(block)) == lines


def test_a_table_that_notion_cannot_hold_is_shown_as_text() -> None:
    """A hundred columns are a table; one more, or a cell too long, and its rows are text."""
    widest = "|".join(["c"] * MAX_COLUMNS)
    rule = "|".join(["-"] * MAX_COLUMNS)
    assert [type(block) for block in body(f"|{widest}|\n|{rule}|")] == [Table]
    assert [type(block) for block in body(f"|{widest}|c|\n|{rule}|-|")] == [Code]
    long = "word " * 2_000
    blocks = body(f"|head|\n|-|\n|{long}|end|")
    assert {type(block) for block in blocks} == {Code}
    assert words(blocks).split() == ["|", "head", "|", "|", *long.split(), "|", "end", "|"]


def test_a_link_too_long_for_notion_is_shown_as_text() -> None:
    """The address is not lost, it is only no link."""
    url = "https://example.com/" + "x" * MAX_URL
    (block,) = body(f"[a]({url})")
    assert block == Paragraph(t(f"a ({url})"))


@pytest.mark.parametrize("opening", ["> ", "- ", "1. "])
def test_deep_nesting_is_flattened(opening: str) -> None:
    """However deep a log nests, the page has at most so many levels, and the text is there."""
    blocks = body("".join(opening for _ in range(25)) + "innermost\n\nlast")
    levels = {level for level, _ in walk(blocks)}
    assert max(levels) == DEEPEST - 1
    assert words(blocks).count("innermost") == 1
    assert words(blocks).count("last") == 1


def test_a_kind_of_token_that_we_do_not_know_is_text() -> None:
    """Whatever the parser learns to read, its words stay on the page."""
    log = replace(parse(b"x", LogPath("x.md"), zone=UTC), tokens=[Token("novelty", "", 0, content="new")])
    assert render(log, key=Key("k"), content_hash=Digest("")).body == (Paragraph(t("new")),)


@pytest.mark.parametrize("opening", [">", "- ", "1. ", "- > ", "![", "[", "*"])
def test_hostile_nesting_does_not_exhaust_the_stack(opening: str) -> None:
    """Two hundred levels of anything are rendered and encoded."""
    blocks = body(opening * 200 + "innermost")
    assert "innermost" in words(blocks)
    assert json.dumps([encode(block) for block in blocks])


def test_flattened_items_keep_their_marks() -> None:
    """Where Notion no longer shows the bullet or the number, the text does."""
    lines = [f"{'  ' * i}- level {i}" for i in range(22)]
    shown = words(body("\n".join(lines)))
    assert "level 18 • level 19 • level 20" in shown


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
    payload = [encode(block) for block in blocks]
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
    assert json.dumps([encode(block) for block in blocks], ensure_ascii=False).encode()


@given(document, document.filter(lambda piece: "]: " not in piece.markdown))
def test_appending_keeps_what_stands_before(piece: Piece, more: Piece) -> None:
    """A log that grows keeps its blocks: nothing before the addition changes."""
    log = f"# Execution Log: T\n\n## Task\n\n{piece.markdown}\n\nend"
    before = body(log)
    after = body(f"{log}\n\n{more.markdown}")
    assert after[: len(before)] == before

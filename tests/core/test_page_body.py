"""What markdown means is what the page shows, block by block."""

import json
from dataclasses import replace
from datetime import UTC

import pytest
from markdown_it.token import Token

from sync.names import Digest, Key, LogPath
from sync.page.blocks import (
    PLAIN,
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
from sync.page.limits import MAX_COLUMNS, MAX_URL
from sync.page.render import render
from sync.page.richtext import plain
from sync.page.wire import encode_block
from sync.tracelog.parsing.parser import parse
from tests.worlds.bodies import body, texts, walk, words

BOLD, ITALIC, STRUCK, CODE = Style(bold=True), Style(italic=True), Style(strikethrough=True), Style(code=True)
DEEPEST = 20


def t(text: str, style: Style = PLAIN, link: str | None = None) -> RichText:
    """Return a text of one run."""
    return (Run(text, style, link),)


def row(*cells: str) -> TableRow:
    """Return a row of plain cells."""
    return TableRow(tuple(t(cell) if cell else () for cell in cells))


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
    assert json.dumps([encode_block(block) for block in blocks])


def test_flattened_items_keep_their_marks() -> None:
    """Where Notion no longer shows the bullet or the number, the text does."""
    lines = [f"{'  ' * i}- level {i}" for i in range(22)]
    shown = words(body("\n".join(lines)))
    assert "level 18 • level 19 • level 20" in shown

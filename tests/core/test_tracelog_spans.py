"""The common markup, read in one pass, is read as the full parser reads it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from sync.tracelog.markdown.autolinks import bare_url
from sync.tracelog.markdown.spans import read_spans

PIECES = st.sampled_from(
    [
        *(
            "a",
            "word",
            "two words",
            " ",
            "  ",
            "\n",
            " \t",
            "*",
            "**",
            "`",
            "_",
            "[",
            "](",
            "]",
            "(",
            ")",
            "!",
            "\\",
            "<",
        ),
        *(
            "snake_case",
            "[a](https://example.com/x)",
            "**b**",
            "*i*",
            "`c`",
            "**b:** ",
            "**b.**",
            " **b** ",
            "*b.*",
            "~~d~~",
        ),
        *(
            ":",
            "://",
            "https://",
            "www.x.org",
            "a@b.co",
            "&amp;",
            "日本",
            "é",
            "1",
            "-",
            "\xa0",
            "_x_",
            "__x__",
            "``",
            "![a](b)",
        ),
    ]
)
COMMON = st.sampled_from(
    [
        "word ",
        "snake_case ",
        "**bold** ",
        "**Label:** ",
        "*it* ",
        "`code` ",
        "\n",
        "  \n",
        "[a b](https://e.org/x) ",
        "(**b**) ",
    ]
)


def seen(tokens: list[Token]) -> list[tuple[Any, ...]]:
    """Return what is read from tokens; the full parser leaves empty texts behind."""
    return [
        (
            each.type,
            each.tag,
            each.nesting,
            each.attrs,
            each.level,
            each.content,
            each.markup,
            each.info,
            each.meta,
        )
        for each in tokens
        if each.type != "text" or each.content
    ]


def in_full(content: str) -> list[Token]:
    """Read a paragraph with the full parser."""
    spans = MarkdownIt("gfm-like", {"html": False, "linkify": True, "store_labels": True})
    spans.inline.ruler.at("linkify", bare_url)
    tokens: list[Token] = []
    spans.inline.parse(content, spans, {}, tokens)
    return tokens


@given(st.lists(PIECES | COMMON, max_size=8).map("".join))
def test_whatever_is_read_is_what_the_full_parser_reads(content: str) -> None:
    """One pass reads the same, or leaves it alone."""
    tokens = read_spans(content)
    assert tokens is None or seen(tokens) == seen(in_full(content))


@given(st.lists(COMMON, max_size=20).map(lambda pieces: "".join(pieces).strip()))
def test_the_common_markup_is_read_in_one_pass(content: str) -> None:
    """What most of a log consists of does not need the full parser."""
    tokens = read_spans(content)
    assert tokens is not None
    assert seen(tokens) == seen(in_full(content))


@pytest.mark.parametrize(
    "content", ["[a]", "**a", "a\\*", "<b>", "x ~~y~~", "`` ` ``", "https://e.org", "&lt;", "![a](b)"]
)
def test_other_markup_is_left_to_the_full_parser(content: str) -> None:
    """Nothing that could mean something else is taken for text."""
    assert read_spans(content) is None

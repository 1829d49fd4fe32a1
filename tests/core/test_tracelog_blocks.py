"""The commonest blocks, read in one pass, are read as the full parser reads them."""

from collections.abc import MutableMapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from sync.tracelog.markdown.common_blocks import common_block
from sync.tracelog.markdown.first_sign import BySign

LINES = st.sampled_from(
    [
        *(
            "text",
            "more *text*",
            "**bold:** x",
            "*it* y",
            "`code` z",
            "(in brackets)",
            '"quoted"',
            "7 days",
            "ünïcode",
        ),
        *("", "", "", " ", "\t", "  ", "text  ", "a | b", "1. one", "2) two", "10.ten", "1234567890 x"),
        *(
            "- a",
            "- b: c",
            "* d",
            "+ e",
            "-",
            "- ",
            "-x",
            "- - f",
            "  - g",
            "    - h",
            "- [ ] todo",
            "- [x] done",
        ),
        *(
            "- *a*",
            "- `b`",
            "- **c** d",
            "- 1. e",
            "- # f",
            "- > g",
            "-  two blanks",
            "- a  ",
            "**",
            "*",
            "***",
            "__",
        ),
        *(
            "# one",
            "## two # three",
            "# a | b",
            "###  four  ",
            "## two",
            "####### seven",
            "#no",
            "#",
            "---",
            "- - -",
            "===",
            "--",
            "=",
            "> q",
            ">",
            "> - r",
        ),
        *(
            "```",
            "```py",
            "~~~",
            "``",
            "```a`",
            "    code",
            "\ttab",
            "   three",
            "[a]: b",
            "[c]",
            "<div>",
            "\\- x",
        ),
        *(
            "| a | b |",
            "|---|---|",
            "| --- | - |",
            "|:--|--:|",
            "| 1 | 2 |",
            "| 1 | 2 | 3 |",
            "| 1 |",
            "|",
            "||",
        ),
        *(
            "| \\| | b |",
            "| a | b | ",
            " | a | b |",
            "|-|",
            "| a |",
            "| | x |",
            "\xa0x",
            "\x0bx",
            "x\x0b",
            "－ x",
        ),
    ]
)
COMMON = st.sampled_from(
    [
        "text",
        "**Bold:** text",
        "`code` and text",
        "- item",
        "- **item:** text",
        "* item",
        "## Heading",
        "",
        "",
    ]
)


def blocks(content: str, *, in_full: bool) -> list[Token]:
    """Read the blocks of a text."""
    md = MarkdownIt("gfm-like", {"html": False, "inline_definitions": True}).disable("html_block")
    if not in_full:
        md.block.ruler.before("table", "common", common_block)
        md.block.ruler = BySign(md.block.ruler)
    tokens: list[Token] = []
    md.block.parse(content, md, {}, tokens)
    return tokens


def seen(tokens: list[Token]) -> list[MutableMapping[str, Any]]:
    """Return all that tokens say, whatever they are made of."""
    return [token.as_dict() for token in tokens]


@given(st.lists(LINES | COMMON, max_size=9), st.sampled_from(["\n", "", "\n\n"]))
def test_whatever_is_read_is_what_the_full_parser_reads(lines: list[str], end: str) -> None:
    """Every token is the same, with its lines, its level and its mark."""
    content = "\n".join(lines) + end
    assert seen(blocks(content, in_full=False)) == seen(blocks(content, in_full=True))


@pytest.mark.parametrize(
    "content",
    [
        "text",
        "## One: *two* \ntext",
        "one\n**two:** x\n`three` y\n\nfour",
        "- a\n- **b:** c\n- `d`\n",
        "- a\n- b\n\n## Next\n",
        "- a\n## Next\n",
        "| a | b |\n|---|---|\n| 1 | `2` |\n\ntext",
    ],
)
def test_the_commonest_blocks_are_read_in_one_pass(content: str) -> None:
    """What most of a log consists of does not need the full parser."""
    md = MarkdownIt("gfm-like")
    state = StateBlock(content, md, {}, [])
    assert common_block(state, 0, state.lineMax, False)  # noqa: FBT003 - as markdown-it calls it


@pytest.mark.parametrize(
    "content",
    [
        "# a #",
        "# a | b",
        "####### a",
        "#a",
        "a\n===",
        "a\n- b",
        "- a\n  b",
        "- a\n\n- b",
        "- a\nb",
        "| a |\n|---|\n| 1 | 2 |",
        "[a]: b",
        "- [x] c",
    ],
)
def test_other_blocks_are_left_to_the_full_parser(content: str) -> None:
    """Nothing that could mean something else is taken for one of them."""
    md = MarkdownIt("gfm-like")
    state = StateBlock(content, md, {}, [])
    assert not common_block(state, 0, state.lineMax, False)  # noqa: FBT003 - as markdown-it calls it
    assert state.tokens == []

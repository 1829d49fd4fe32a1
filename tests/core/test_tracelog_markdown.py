"""How logs are read as markdown: what links, and that nothing disappears."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it.token import Token

from sync.tracelog.markdown.tokenizing import tokenize
from sync.tracelog.words import texts_in


def links(text: str) -> list[tuple[str, str]]:
    """Return text and target of the links in the first paragraph."""
    children = tokenize(text)[1].children or []
    return [
        (children[index + 1].content, str(child.attrs["href"]))
        for index, child in enumerate(children)
        if child.type == "link_open"
    ]


def shown(tokens: list[Token]) -> str:
    """Return all text that a reader sees."""
    return " ".join(texts_in(tokens))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://e.org/a_b_c.", [("https://e.org/a_b_c", "https://e.org/a_b_c")]),
        ("HTTPS://E.org", [("HTTPS://E.org", "https://E.org")]),
        ("(http://e.org/x_(y))", [("http://e.org/x_(y)", "http://e.org/x_(y)")]),
        ("**https://e.org/__init__/**", [("https://e.org/__init__/", "https://e.org/__init__/")]),
        ("https://e.org/%E3%81%82", [("https://e.org/%E3%81%82", "https://e.org/%E3%81%82")]),
        ("参照（https://e.org/a）。", [("https://e.org/a", "https://e.org/a")]),
        ("www.e.org/a_b, ok", [("www.e.org/a_b", "http://www.e.org/a_b")]),
        ("mail a.b@e.org!", [("a.b@e.org", "mailto:a.b@e.org")]),
        ("<https://e.org/a>", [("https://e.org/a", "https://e.org/a")]),
        ("[t](https://e.org)", [("t", "https://e.org")]),
        ("[https://a.org](https://b.org)", [("https://a.org", "https://b.org")]),
        ("README.md foo.py e.org //server/x ftp://e.org ahttp://e.org http:// `https://e.org`", []),
        ("https://..", []),
        ("https://e.org/" + "a" * 2000, []),
    ],
)
def test_addresses_link_and_file_names_do_not(text: str, expected: list[tuple[str, str]]) -> None:
    """Full addresses, www and e-mail become links, shown as written; nothing else does."""
    assert links(text) == expected
    assert "".join(label for label, _ in expected) in shown(tokenize(text))


def test_html_is_text() -> None:
    """Tags are shown, not interpreted."""
    assert shown(tokenize("<b>x</b>\n\n<div>\ny\n</div>")) == "<b>x</b> <div>\ny\n</div>"


def test_github_extensions_are_read() -> None:
    """Tables, strikethrough and task lists have tokens of their own."""
    tokens = tokenize("| a |\n|---|\n| ~~b~~ |\n\n- [x] done\n")

    types = {token.type for token in tokens} | {
        child.type for token in tokens for child in token.children or ()
    }
    assert {"table_open", "s_open", "html_inline"} <= types


def test_unused_definition_is_shown() -> None:
    """`[ERROR]: x` is a message unless a link refers to it."""
    tokens = tokenize("- [ERROR]: timeout\n\n[used]: https://e.org\n\n[Used] link")

    assert shown(tokens) == "[ERROR]: timeout Used link"
    assert [token.map for token in tokens if token.type == "inline"] == [[0, 1], [4, 5]]


def test_second_definition_of_a_label_is_shown() -> None:
    """Only the first is what the links say; the others are nowhere else."""
    tokens = tokenize("[a]: https://e.org 'one'\n[a]: https://f.org 'two'\n[A]: three\n\n[a] link")

    assert shown(tokens) == "[a]: https://f.org 'two' [A]: three a link"


@given(depth=st.integers(1, 400), mark=st.sampled_from(["> ", "- ", "1. ", "> - "]))
def test_no_depth_loses_words(depth: int, mark: str) -> None:
    """Whatever lies too deep for markdown is shown verbatim."""
    assert "needle" in shown(tokenize(mark * depth + "needle\n\n" + mark * depth + "other"))


@given(depth=st.integers(1, 80))
def test_no_depth_of_indented_lists_loses_words(depth: int) -> None:
    """Each item of a staircase of lists is shown."""
    tokens = tokenize("\n".join("  " * level + f"- n{level}" for level in range(depth)))

    assert re.findall(r"n\d+", shown(tokens)) == [f"n{level}" for level in range(depth)]


def test_very_long_paragraph_is_plain_text() -> None:
    """A dump of a paragraph keeps every letter, markup included."""
    text = "**a** https://e.org www.e.org\n" * 3000

    assert shown(tokenize(text)) == text.strip()
    assert links(text) == []


@example(["```", "word"])
@given(
    st.lists(
        st.sampled_from(["[", "]", "(", ")", "word", "*", "`", "\n", " ", "> ", "- ", "[a]: ", "\\"]),
        max_size=30,
    )
)
def test_words_are_never_lost(pieces: list[str]) -> None:
    """Every word is still there after reading: as text, in the target of a link, or with a fence."""
    text = "".join(pieces)
    tokens = tokenize(text)
    hidden = "".join(
        str(child.attrs.get("href", "")) + str(child.attrs.get("src", "")) + str(child.attrs.get("title", ""))
        for token in tokens
        for child in token.children or ()
    )
    beside = "".join(token.info for token in tokens)

    assert (shown(tokens) + hidden + beside).count("word") >= text.count("word")

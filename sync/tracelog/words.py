"""The words of markdown tokens without their markup."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from markdown_it.token import Token

_SHOWN: Final = frozenset({"text", "code_inline", "image"})
_BREAKS: Final = frozenset({"softbreak", "hardbreak"})


def inline_text(inline: Token) -> str:
    """Return what a reader of one `inline` token sees, with a newline for each break."""
    children: Sequence[Token] = inline.children or ()
    if len(children) == 1 and children[0].type == "text":
        return children[0].content
    return "".join(map(_span, children))


def code_masked(inline: Token, shown: str) -> str:
    """Return `shown`, the text of `inline`, letter for letter, with an `x` for each letter of code."""
    if "`" not in inline.content:
        return shown
    children: Sequence[Token] = inline.children or ()
    return "".join(
        ["x" * len(child.content) if child.type == "code_inline" else _span(child) for child in children]
    )


def texts_in(tokens: Iterable[Token]) -> Iterator[str]:
    """Return the text of each block in reading order; blocks without any are left out."""
    for token in tokens:
        text = inline_text(token) if token.type == "inline" else token.content
        if text.strip():
            yield text


def _span(child: Token) -> str:
    if child.type in _SHOWN:
        return child.content
    return "\n" if child.type in _BREAKS else ""

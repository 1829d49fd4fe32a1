"""The words of markdown tokens without their markup."""

from collections.abc import Iterable, Iterator

from markdown_it.token import Token


def words(inline: Token) -> str:
    """Return what a reader of one `inline` token sees, with a newline for each break."""
    return "".join(_span(child) for child in inline.children or ())


def code_masked(inline: Token) -> str:
    """Return `words(inline)`, letter for letter, with an `x` for each letter of code."""
    return "".join(
        "x" * len(_span(child)) if child.type == "code_inline" else _span(child)
        for child in inline.children or ()
    )


def passages(tokens: Iterable[Token]) -> Iterator[str]:
    """Return the text of each block in reading order; blocks without any are left out."""
    for token in tokens:
        text = words(token) if token.type == "inline" else token.content
        if text.strip():
            yield text


def _span(child: Token) -> str:
    match child.type:
        case "text" | "code_inline" | "image":
            return child.content
        case "softbreak" | "hardbreak":
            return "\n"
        case _:
            return ""

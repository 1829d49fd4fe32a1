"""The commonest inline markup, read in one pass: breaks, code, **bold**, *italic*, [text](https://…).

Most of a log is no more than that, and the full parser takes ten times as long over it. Whatever
is not plainly of this kind is left to the full parser; both must read the same.
"""

import re
from collections.abc import Iterator

from markdown_it.token import Token

_LETTER = r"[A-Za-z0-9]"
_TEXT = rf"(?:[^\\`*_~\[\]<&!\n:]|:(?!//)|!(?!\[)|(?<={_LETTER})_(?={_LETTER}))"
_MARKED = rf"{_LETTER}(?:{_TEXT}*(?:{_LETTER}|[:.,;?)](?=\*{{1,2}}(?:[ \n]|$))))?"
_BEFORE = r"(?:(?<=[ (\n])|(?<![\s\S]))"
_BEHIND = r"(?=[ \n.,:;)?]|$)"
_SPAN = re.compile(
    rf"(?P<text>(?:{_TEXT}|\])+)"
    r"|(?P<break>\n)[ \t]*"
    r"|(?<!`)`(?P<code>[^`\s](?:[^`\n]*[^`\s])?)`(?!`)"
    rf"|{_BEFORE}\*\*(?P<strong>{_MARKED})\*\*{_BEHIND}"
    rf"|{_BEFORE}\*(?P<em>{_MARKED})\*{_BEHIND}"
    rf"|\[(?P<shown>{_TEXT}+)\]\((?P<href>https?://[a-z0-9]+(?:[.-][a-z0-9]+)*(?:/[A-Za-z0-9/._~-]*)?)\)"
)


def read_spans(content: str) -> list[Token] | None:
    """Return the tokens of a paragraph; None when there is more in it than is read here."""
    tokens: list[Token] = []
    done = 0
    for span in _SPAN.finditer(content):
        if span.start() != done:
            return None
        done = span.end()
        kind = span.lastgroup
        if kind == "text":
            tokens.append(Token("text", "", 0, content=span["text"]))
        elif kind == "break":
            tokens.append(_line_break(tokens))
        elif kind == "code":
            tokens.append(Token("code_inline", "code", 0, content=span["code"], markup="`"))
        elif kind == "href":
            tokens.extend(_link(span["shown"], span["href"]))
        else:
            tokens.extend(_emphasised(span[kind or 0], kind or ""))
    return tokens if done == len(content) else None


def _line_break(before: list[Token]) -> Token:
    """Take the blanks off the end of the line; two of them and more make the break a hard one."""
    if before and before[-1].type == "text" and before[-1].content.endswith(" "):
        written = before.pop()
        shown = written.content.rstrip(" ")
        if shown:
            before.append(Token("text", "", 0, content=shown))
        if len(written.content) - len(shown) > 1:
            return Token("hardbreak", "br", 0)
    return Token("softbreak", "br", 0)


def _emphasised(text: str, kind: str) -> Iterator[Token]:
    mark = "**" if kind == "strong" else "*"
    yield Token(f"{kind}_open", kind, 1, markup=mark)
    yield Token("text", "", 0, content=text, level=1)
    yield Token(f"{kind}_close", kind, -1, markup=mark)


def _link(text: str, href: str) -> Iterator[Token]:
    yield Token("link_open", "a", 1, {"href": href})
    yield Token("text", "", 0, content=text, level=1)
    yield Token("link_close", "a", -1)

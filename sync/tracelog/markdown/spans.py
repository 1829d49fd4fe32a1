"""Parse the commonest inline markup in one pass: breaks, code, **bold**, *italic*, [text](https://…).

Most of a log has no more than that, and the full parser takes ten times as long for it. Everything else is
left to the full parser. Both must give the same result.
"""

import re
from typing import Final

from markdown_it.token import Token

from sync.tracelog.markdown.tokens import CodeSpan, LinkOpening, TextSpan

_LETTER = r"[^\W_]"
_SIGNS = r"\\`*_~\[\]<&!\n:"
_OTHER = rf":(?!//)|!(?!\[)|(?<={_LETTER})_(?={_LETTER})"
_TEXT = rf"(?:[^{_SIGNS}]|{_OTHER})"
_BEFORE = r"(?:(?<=[ (\n])|\A)"
_BEHIND = r"(?=[ \n.,:;)?]|\Z)"
_MARKED = rf"{_LETTER}(?:{_TEXT}*(?:{_LETTER}|[:.,;?)](?=\*{{1,2}}{_BEHIND})))?"
_CODE = r"`([^`\s](?:[^`\n]*[^`\s])?)`"
_BOX = r"\A\[[ xX](?=\][ \t])"
_SPAN = re.compile(
    rf"((?:[^{_SIGNS}]++|{_OTHER}|\]|{_BOX})++)"  # text
    r"|(\n[ \t]*)"  # a line break
    rf"|(?<!`){_CODE}(?!`)"
    rf"|{_BEFORE}\*\*(?:({_MARKED})|{_CODE})\*\*{_BEHIND}"  # bold, bold code
    rf"|{_BEFORE}\*({_MARKED})\*{_BEHIND}"  # italic
    rf"|\[({_TEXT}+)\]\((https?://[a-z0-9]+(?:[.-][a-z0-9]+)*(?:/[A-Za-z0-9/._~-]*)?)\)"  # text and target
)
_SIGN = re.compile(f"[{_SIGNS}]")

# Opening and closing tokens are always the same and never written to, so they are shared.
_SOFT: Final = Token("softbreak", "br", 0)
_HARD: Final = Token("hardbreak", "br", 0)
_BOLD: Final = (
    Token("strong_open", "strong", 1, markup="**"),
    Token("strong_close", "strong", -1, markup="**"),
)
_ITALIC: Final = (Token("em_open", "em", 1, markup="*"), Token("em_close", "em", -1, markup="*"))
_LINK_CLOSE: Final = Token("link_close", "a", -1)


def read_spans(content: str) -> list[Token] | None:
    """Return the tokens of a paragraph; None if it has other markup than is parsed here.

    The box of a task at its beginning counts as text, which is right unless a link definition has its name.
    """
    if _SIGN.search(content) is None:
        return [TextSpan(content, 0)] if content else []
    tokens: list[Token] = []
    add = tokens.append
    read = 0
    for text, gap, code, bold, bold_code, italic, shown, href in _SPAN.findall(content):
        if text:
            add(TextSpan(text, 0))
            read += len(text)
        elif gap:
            add(_line_break(tokens))
            read += len(gap)
        elif code:
            add(CodeSpan(code, 0))
            read += len(code) + len("``")
        elif shown:
            tokens += (LinkOpening(href), TextSpan(shown, 1), _LINK_CLOSE)
            read += len(shown) + len("[]()") + len(href)
        elif bold_code:
            tokens += (_BOLD[0], CodeSpan(bold_code, 1), _BOLD[1])
            read += len(bold_code) + len("**``**")
        else:
            opening, closing = _BOLD if bold else _ITALIC
            tokens += (opening, TextSpan(bold or italic, 1), closing)
            read += len(bold or italic) + 2 * len(opening.markup)
    # If the spans together are shorter than the whole, something between them was not parsed.
    return tokens if read == len(content) else None


def _line_break(before: list[Token]) -> Token:
    """Strip the blanks at the end of the line; two or more make the break a hard one."""
    if before and before[-1].type == "text" and before[-1].content.endswith(" "):
        written = before.pop()
        shown = written.content.rstrip(" ")
        if shown:
            before.append(TextSpan(shown, 0))
        if len(written.content) - len(shown) > 1:
            return _HARD
    return _SOFT

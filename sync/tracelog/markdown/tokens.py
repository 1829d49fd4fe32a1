"""The commonest tokens of markdown-it, at a fifth of the usual cost: a log of 3 KB has hundreds of them.

What all of a kind have in common stands with their class, where no rule can write to it.
"""

from types import MappingProxyType
from typing import Any, Final, Literal, cast

from markdown_it.token import Token

_NOTHING: Final = cast("dict[str, Any]", MappingProxyType({}))


class _Common(Token):
    __slots__ = ()

    info = ""
    meta = _NOTHING
    hidden = False


class _Span(_Common):
    __slots__ = ()

    nesting: Literal[-1, 0, 1] = 0
    map = None
    children = None
    block = False


class TextSpan(_Span):
    """Text without markup."""

    __slots__ = ()

    type = "text"
    tag = ""
    attrs = _NOTHING
    markup = ""

    def __init__(self, content: str, level: int) -> None:
        self.content = content
        self.level = level


class CodeSpan(_Span):
    """Text between backticks."""

    __slots__ = ()

    type = "code_inline"
    tag = "code"
    attrs = _NOTHING
    markup = "`"

    def __init__(self, content: str, level: int) -> None:
        self.content = content
        self.level = level


class LinkOpening(_Span):
    """The beginning of a link."""

    __slots__ = ()

    type = "link_open"
    tag = "a"
    nesting = 1
    level = 0
    content = ""
    markup = ""

    def __init__(self, href: str) -> None:
        self.attrs = {"href": href}


class Inline(_Common):
    """The text of a block, whose inline markup is parsed later."""

    __slots__ = ()

    type = "inline"
    tag = ""
    nesting = 0
    attrs = _NOTHING
    markup = ""
    block = True

    def __init__(self, content: str, lines: list[int], level: int) -> None:
        self.content = content
        self.map = lines
        self.level = level
        self.children = []


class _Opening(_Common):
    __slots__ = ()

    nesting = 1
    children = None
    content = ""
    block = True


class _PlainOpening(_Opening):
    __slots__ = ()

    attrs = _NOTHING
    markup = ""

    def __init__(self, lines: list[int]) -> None:
        self.map = lines


class ParagraphOpening(_PlainOpening):
    """The beginning of a paragraph at the top level."""

    __slots__ = ()

    type = "paragraph_open"
    tag = "p"
    level = 0


class ItemTextOpening(_PlainOpening):
    """The beginning of the text of an item, in a list without empty lines."""

    __slots__ = ()

    type = "paragraph_open"
    tag = "p"
    level = 2
    hidden = True


class RowOpening(_PlainOpening):
    """The beginning of a row."""

    __slots__ = ()

    type = "tr_open"
    tag = "tr"
    level = 2


class ItemOpening(_Opening):
    """The beginning of an item, which may turn out to be a task."""

    __slots__ = ()

    type = "list_item_open"
    tag = "li"
    level = 1

    def __init__(self, lines: list[int], markup: str) -> None:
        self.map = lines
        self.markup = markup
        self.attrs = {}

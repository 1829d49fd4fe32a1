"""The one way in which logs are read as markdown.

CommonMark with GitHub's tables, strikethrough, task lists and autolinks. HTML is text. Nothing that a reader
sees is dropped, however deep or long.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore, linkify, normalize, text_join
from markdown_it.token import Token
from mdit_py_plugins.tasklists import tasklists_plugin

from sync.tracelog.markdown.autolinks import bare_url, linkifier
from sync.tracelog.markdown.common_blocks import common_block
from sync.tracelog.markdown.first_sign import BySign
from sync.tracelog.markdown.spans import read_spans

_DEEPEST_BLOCK = 60
"""A quote is one level, a list two. What lies deeper is shown as it is; markdown-it would drop it."""
_DEEPEST_SPAN = 10
"""Brackets in brackets. markdown-it's time grows with this number times the length of the text."""
_LONGEST_PARAGRAPH = 50_000
"""In characters. A longer one is a dump, not prose: it stays plain text, which keeps hostile input cheap."""

_ADDRESS = re.compile(r"[@&]|www\.", re.IGNORECASE)
"""What any address holds that is no `http://…`; an entity may stand for a part of one."""

_BOX = re.compile(r"\[[ xX]\]")
_TASKS = "github-tasklists"
_REFERENCES = "references"
"""Where markdown-it keeps the link definitions that it has read."""


def tokenize(text: str) -> list[Token]:
    """Return the markdown tokens of clean text; `map` counts its lines from 0."""
    env: dict[str, Any] = {}
    tokens = _parser().parse(text, env)
    return list(_with_unused_definitions(tokens, text.split("\n"))) if _REFERENCES in env else tokens


def defines_links(text: str) -> bool:
    """Tell whether the text holds a link definition, by which it may change how other texts are read."""
    return any(token.type == "definition" for token in _parser().parse(text))


@cache
def _parser() -> MarkdownIt:
    """Return the parser; it costs more to make than a log to read, and holds nothing of what it has read."""
    md = MarkdownIt(
        "gfm-like",
        # The depth that counts is ours, see _too_deep; markdown-it's own limit loses text.
        {"html": False, "linkify": True, "maxNesting": 10 * _DEEPEST_BLOCK, "inline_definitions": True},
    ).use(tasklists_plugin)
    md.linkify = linkifier()
    md.disable("html_block")  # HTML is text; to ask at each line would only cost
    md.block.ruler.before("table", "too_deep", _too_deep)
    md.block.ruler.before("too_deep", "common", common_block)
    md.block.ruler = BySign(md.block.ruler)
    spans = MarkdownIt(
        "gfm-like", {"html": False, "linkify": True, "maxNesting": _DEEPEST_SPAN, "store_labels": True}
    )
    spans.inline.ruler.at("linkify", bare_url)

    def read_inline(state: StateCore) -> None:
        """Read every paragraph; those that the later rules are to look at again are named in `env`."""
        has_definitions = _REFERENCES in state.env  # what looks like the box of a task may then be a link
        has_addresses = "@" in state.src or "&" in state.src or "www." in state.src.lower()
        unfinished: list[Token] = []
        for token in state.tokens:
            if token.type != "inline":
                continue
            content = token.content
            if len(content) > _LONGEST_PARAGRAPH:
                token.children = list(_verbatim_spans(content))
            elif not (has_definitions and content[:1] == "[") and (common := read_spans(content)) is not None:
                token.children = common
                if has_addresses and _ADDRESS.search(content) is not None:
                    unfinished.append(token)
            else:
                token.children = []
                spans.inline.parse(content, spans, state.env, token.children)
                unfinished.append(token)
        state.env["unfinished"] = unfinished

    tick = md.core.ruler.getRules("")[md.core.ruler.get_active_rules().index(_TASKS)]

    def tick_tasks(state: StateCore) -> None:
        if _BOX.search(state.src) is not None:
            tick(state)

    md.core.ruler.at("normalize", _normalise)
    md.core.ruler.at("inline", read_inline)
    md.core.ruler.at(_TASKS, tick_tasks)
    md.core.ruler.at("linkify", _link_addresses)
    md.core.ruler.at("text_join", _join_texts)
    # An address stays as it is written: no decoded percent signs, no Unicode host.
    setattr(md, "normalizeLinkText", str)  # noqa: B010 - a method, so a plain assignment does not type-check
    setattr(spans, "normalizeLinkText", str)  # noqa: B010 - same
    for ruler in (md.core.ruler, md.block.ruler, spans.inline.ruler, spans.inline.ruler2):
        ruler.getRules("")  # made ready here, since several threads may read with it later
    return md


def _normalise(state: StateCore) -> None:
    """Make all line ends alike, which clean text has; a rule of markdown-it."""
    if "\r" in state.src or "\0" in state.src:
        normalize(state)


def _link_addresses(state: StateCore) -> None:
    """Find e-mail and www addresses, except in what is too long; a rule of markdown-it."""
    if state.env["unfinished"]:
        with _only(state, [token for token in state.env["unfinished"] if _ADDRESS.search(token.content)]):
            linkify(state)


def _join_texts(state: StateCore) -> None:
    """Join neighbouring texts; a rule of markdown-it."""
    if state.env["unfinished"]:
        with _only(state, state.env["unfinished"]):
            text_join(state)


@contextmanager
def _only(state: StateCore, some: list[Token]) -> Iterator[None]:
    """Let a rule see some of the tokens."""
    tokens, state.tokens = state.tokens, some
    yield
    state.tokens = tokens


def _too_deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - as markdown-it calls it
    """Keep what lies too deep as a block of verbatim text; a rule of markdown-it."""
    if state.level < _DEEPEST_BLOCK or silent:
        return False
    line = start + 1
    # A negative indent marks a line that continues the paragraph of a quote.
    while line < end and (state.isEmpty(line) or not 0 <= state.sCount[line] < state.blkIndent):
        line += 1
    token = state.push("code_block", "code", 0)
    token.content = state.getLines(start, line, state.blkIndent, False)  # noqa: FBT003 - no such keyword
    token.map = [start, line]
    state.line = line
    return True


def _verbatim_spans(text: str) -> Iterator[Token]:
    for number, line in enumerate(text.split("\n")):
        if number:
            yield Token("softbreak", "br", 0)
        yield Token("text", "", 0, content=line)


def _with_unused_definitions(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[Token]:
    """Show link definitions that no link uses: `[ERROR]: time-out` is a message, not a definition.

    Of several with one label only the first counts; the others are shown.
    """
    unshown = {
        child.meta["label"]
        for token in tokens
        for child in token.children or ()
        if child.type in {"link_open", "image"} and "label" in child.meta
    }
    for token in tokens:
        if token.type != "definition":
            yield token
        elif token.meta["id"] in unshown:
            unshown.remove(token.meta["id"])
        elif token.map is not None:
            # Without the signs of the list or quote around it.
            written = "\n".join(line.strip(" \t>") for line in lines[slice(*token.map)])
            written = written[written.find("[") :]
            level, place = token.level, token.map
            yield Token("paragraph_open", "p", 1, map=place, level=level, block=True)
            yield Token(
                "inline",
                "",
                0,
                map=place,
                level=level + 1,
                content=written,
                children=list(_verbatim_spans(written)),
                block=True,
            )
            yield Token("paragraph_close", "p", -1, level=level, block=True)

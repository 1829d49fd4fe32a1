"""Tokenise logs as markdown.

The dialect is CommonMark with GitHub's tables, strikethrough, task lists and autolinks; HTML is text.
Nothing that a reader sees is dropped, however deeply nested or long.
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
"""The deepest level of blocks: a quote is one, a list two. markdown-it would drop what is deeper."""
_DEEPEST_SPAN = 10
"""The deepest level of brackets; markdown-it's time grows with this number times the text's length."""
_LONGEST_PARAGRAPH = 50_000
"""The longest paragraph that is parsed, in characters; a longer one stays plain text, as it is no prose."""

_ADDRESS = re.compile(r"[@&]|www\.", re.IGNORECASE)
"""Occurs in every address other than `http://…`; an entity may stand for a part of one."""

_BOX = re.compile(r"\[[ xX]\]")
_TASKS = "github-tasklists"
_REFERENCES = "references"
"""The key of markdown-it's environment with the link definitions that it has read."""


def tokenize(text: str) -> list[Token]:
    """Return the markdown tokens of clean text; `map` counts its lines from 0."""
    env: dict[str, Any] = {}
    tokens = _parser().parse(text, env)
    return list(_with_unused_definitions(tokens, text.split("\n"))) if _REFERENCES in env else tokens


def defines_links(text: str) -> bool:
    """Return whether the text has a link definition, which may change how other texts are parsed."""
    return any(token.type == "definition" for token in _parser().parse(text))


@cache
def _parser() -> MarkdownIt:
    """Return the parser, which is expensive to make and keeps no state between texts."""
    md = MarkdownIt(
        "gfm-like",
        # Our own limit comes first, see _too_deep; markdown-it's limit loses text.
        {"html": False, "linkify": True, "maxNesting": 10 * _DEEPEST_BLOCK, "inline_definitions": True},
    ).use(tasklists_plugin)
    md.linkify = linkifier()
    md.disable("html_block")  # HTML is text, so trying this rule would only cost time
    md.block.ruler.before("table", "too_deep", _too_deep)
    md.block.ruler.before("too_deep", "common", common_block)
    md.block.ruler = BySign(md.block.ruler)
    spans = MarkdownIt(
        "gfm-like", {"html": False, "linkify": True, "maxNesting": _DEEPEST_SPAN, "store_labels": True}
    )
    spans.inline.ruler.at("linkify", bare_url)

    def read_inline(state: StateCore) -> None:
        """Parse every paragraph, and list those that later rules have to process in `env`."""
        has_definitions = _REFERENCES in state.env  # then what looks like a task's box may be a link
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
    # Addresses stay as written, without decoded percent signs or Unicode hosts.
    setattr(md, "normalizeLinkText", str)  # noqa: B010 - a method, so a plain assignment does not type-check
    setattr(spans, "normalizeLinkText", str)  # noqa: B010 - same
    for ruler in (md.core.ruler, md.block.ruler, spans.inline.ruler, spans.inline.ruler2):
        ruler.getRules("")  # compiled here, as several threads may use the parser later
    return md


def _normalise(state: StateCore) -> None:
    """Normalise line ends if necessary; a rule of markdown-it."""
    if "\r" in state.src or "\0" in state.src:
        normalize(state)


def _link_addresses(state: StateCore) -> None:
    """Link e-mail and www addresses, except in paragraphs that are too long; a rule of markdown-it."""
    if state.env["unfinished"]:
        with _only(state, [token for token in state.env["unfinished"] if _ADDRESS.search(token.content)]):
            linkify(state)


def _join_texts(state: StateCore) -> None:
    """Join adjacent texts; a rule of markdown-it."""
    if state.env["unfinished"]:
        with _only(state, state.env["unfinished"]):
            text_join(state)


@contextmanager
def _only(state: StateCore, some: list[Token]) -> Iterator[None]:
    """Let a rule see only some of the tokens."""
    tokens, state.tokens = state.tokens, some
    yield
    state.tokens = tokens


def _too_deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - as markdown-it calls it
    """Keep what is nested too deeply as a block of verbatim text; a rule of markdown-it."""
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
            # Without the marks of the list or quote around it.
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

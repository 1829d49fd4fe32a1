"""Keep a text inside its place in a log, by turning what would be read as structure into code."""

import re
from collections.abc import Sequence

from markdown_it.token import Token

from sync.tracelog.headings import find_headings
from sync.tracelog.markdown.tokenizing import defines_links, tokenize
from sync.tracelog.sections import placeholder_column
from sync.tracelog.template import PLACEHOLDERS
from sync.tracelog.words import texts_in

_FIRST_OWN_LEVEL = 3
_DEEPEST_LEVEL = 6
_LONGEST_SPAN = 10_000
_BACKTICKS = re.compile(r"`+")
_END = "## End of text"
_WHOLE_BULLET = ("bullet_list_open", "list_item_open", "list_item_close", "bullet_list_close")


def contained(text: str) -> str:
    """Return the text of a section: as it is, with deeper headings, or else as a code block.

    The section ends where the text does, and holds no section of its own.
    """
    if _stays_inside(text):
        return text
    lower = _with_deeper_headings(text)
    return lower if lower is not None and _stays_inside(lower) else _fenced(text)


def contained_item(text: str) -> str:
    """Return the text of a list item without its bullet: as it is, or else as code."""
    item = _indented(text)
    if _is_one_item(tokenize(f"- {item}"), text) and not _reaches_outside(text):
        return item
    return _literal_item(text)


def _literal_item(text: str) -> str:
    short = "\n" not in text and len(text) < _LONGEST_SPAN
    return code_span(text) if short and not holds_placeholder(text) else _indented(_fenced(text))


def _indented(text: str) -> str:
    """Return the lines so that they go on in the list item that the first begins."""
    return re.sub(r"\n(?!\n|\Z)", "\n  ", text)


def _fenced(text: str) -> str:
    """Return the text as a code block that its content cannot close."""
    mark = "`" * max(3, 1 + _longest_run(text))
    return f"{mark}text\n{text}\n{mark}"


def code_span(text: str) -> str:
    """Return one line as code within a line."""
    mark = "`" * (1 + _longest_run(text))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{mark}{pad}{text}{pad}{mark}"


def plain_line(text: str) -> str | None:
    """Return the visible text of a line; None if it is anything other than a paragraph."""
    tokens = tokenize(text)
    if [token.type for token in tokens] != ["paragraph_open", "inline", "paragraph_close"]:
        return None
    return " ".join(" ".join(texts_in(tokens)).split())


def holds_placeholder(text: str) -> bool:
    """Return whether a line is or contains a placeholder of the template."""
    texts = PLACEHOLDERS.values()
    return any(placeholder_column(line, each) for line in text.split("\n") for each in texts)


def _stays_inside(text: str) -> bool:
    """Return whether the text shows something and leaves the parsing of what follows it unchanged."""
    probe = f"## Text\n{text}\n\n{_END}\n"
    lines = probe.split("\n")
    tokens = tokenize(probe)
    headings = find_headings(tokens, lines)
    structural = [each for each in headings if each.level < _FIRST_OWN_LEVEL]
    if [each.text for each in structural] != ["Text", "End of text"]:
        return False
    first, last = structural
    return (
        first.lines.start == 0
        and last.lines.start == len(lines) - 2
        and any(texts_in(tokens[first.token + 3 : last.token]))
        and not _reaches_outside(text)
    )


def _with_deeper_headings(text: str) -> str | None:
    lines = text.split("\n")
    headings = find_headings(tokenize(text), lines)
    if not headings or not all(lines[each.lines.start].lstrip().startswith("#") for each in headings):
        return None
    deeper = _FIRST_OWN_LEVEL - min(each.level for each in headings)
    for each in headings:
        level = min(_DEEPEST_LEVEL, each.level + max(deeper, 0))
        lines[each.lines.start] = "#" * level + lines[each.lines.start].lstrip().lstrip("#")
    return "\n".join(lines)


def _is_one_item(tokens: Sequence[Token], text: str) -> bool:
    opening = [token.type for token in tokens if token.level == 0 or token.type.startswith("list_item")]
    outer = [token.type for token in tokens if token.level <= 1 and token.type in _WHOLE_BULLET]
    words = " ".join(texts_in(tokens)).split()
    return (
        opening[:1] == ["bullet_list_open"]
        and tuple(outer) == _WHOLE_BULLET
        and all(token.level > 0 for token in tokens[1:-1])
        and bool(words)
        and words == " ".join(texts_in(tokenize(text))).split()
    )


def _reaches_outside(text: str) -> bool:
    """Return whether the text has a placeholder of the template or defines links for other texts."""
    return defines_links(text) or holds_placeholder(text)


def _longest_run(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)

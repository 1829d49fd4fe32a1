"""Turn inline markdown tokens into rich text, of which Notion interprets nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markdown_it.token import Token

from sync.page.blocks import PLAIN, RichText, Run, Style
from sync.page.links import kept, shown, target_note
from sync.page.richtext import holdable, normalised, plain

_OPENS: Final = {"strong_open": "bold", "em_open": "italic", "s_open": "strikethrough"}
_OPENED: Final = {name: Style(**{looks: True}) for name, looks in _OPENS.items()}
_CODE: Final = Style(code=True)
_CLOSES: Final = frozenset({"strong_close", "em_close", "s_close"})
_BREAKS: Final = frozenset({"softbreak", "hardbreak"})
_CHECKBOX: Final = '<input class="task-list-item-checkbox"'


def rich_text(tokens: Sequence[Token]) -> RichText:
    """Return the text of inline tokens in normal form, with soft and hard breaks as line breaks."""
    if len(tokens) == 1 and tokens[0].type == "text":
        return (Run(holdable(tokens[0].content)),) if tokens[0].content else ()
    reading = _Reading(list(reversed(tokens)), [], [PLAIN], [], [None])
    todo, runs, styles, links = reading.todo, reading.runs, reading.styles, reading.links
    while todo:
        token = todo.pop()
        kind = token.type
        if kind == "text":
            runs.append(Run(holdable(token.content), styles[-1], links[-1]))
        elif kind == "code_inline":
            reading.write(token.content, code=True)
        elif kind in _OPENS:
            around = styles[-1]
            styles.append(_OPENED[kind] if around is PLAIN else around._replace(**{_OPENS[kind]: True}))
        elif kind in _CLOSES:
            styles.pop()
        else:
            _read(reading, token)
    return normalised(runs)


def is_checkbox(token: Token) -> bool:
    """Return whether a token is the box of a task, which a to-do block shows by itself."""
    return token.type == "html_inline" and token.content.startswith(_CHECKBOX)


@dataclass(slots=True)
class _Target:
    """A link or image that is being read; `start` is the first run of its text."""

    address: str
    link: str | None
    title: str
    start: int


@dataclass(slots=True)
class _Reading:
    """The state of reading. `todo` is an explicit stack, so that nesting cannot exhaust Python's."""

    todo: list[Token]
    runs: list[Run]
    styles: list[Style]
    targets: list[_Target]
    links: list[str | None]

    def write(self, text: str, *, code: bool = False, link: str | None = None) -> None:
        style = self.styles[-1]
        if code:
            style = _CODE if style is PLAIN else style._replace(code=True)
        self.runs.append(Run(holdable(text), style, self.links[-1] or link))


def _read(reading: _Reading, token: Token) -> None:
    match token.type:
        case "link_open":
            _open_link(reading, token)
        case "link_close":
            _close_link(reading, reading.targets.pop())
        case "image":
            _open_image(reading, token)
        case "image_close":
            _close_image(reading, reading.targets.pop())
        case line_break if line_break in _BREAKS:
            reading.write("\n")
        case _ if not is_checkbox(token):
            reading.write(token.content)
        case _:
            pass


def _open_link(reading: _Reading, token: Token) -> None:
    href = str(token.attrs.get("href", ""))
    link = kept(href)
    if token.info == "auto":
        link = link if _is_written_out(href, reading.todo[-1].content) else None
        reading.targets.append(_Target("", link, "", len(reading.runs)))
    else:
        reading.targets.append(_Target(href, link, _title(token), len(reading.runs)))
    reading.links.append(link)


def _is_written_out(href: str, text: str) -> bool:
    """Return whether an automatic link is one to GFM: `README.md` is a file, not a site in Moldova."""
    return text.lower().startswith(("http://", "https://", "mailto:", "www.")) or href.startswith("mailto:")


def _close_link(reading: _Reading, target: _Target) -> None:
    text = plain(reading.runs[target.start :]).strip()
    if not text:
        reading.write(shown(target.address))
    reading.links.pop()
    if target.link is None or target.title:
        behind = target_note(_hidden(target, behind=text), target.title)
        reading.write(f" ({behind})" if behind else "")


def _hidden(target: _Target, *, behind: str) -> str:
    """Return the address of a link if the page would not show it otherwise."""
    address = "" if target.link is not None or not behind else shown(target.address)
    return "" if address == behind else address


def _open_image(reading: _Reading, token: Token) -> None:
    src = str(token.attrs.get("src", ""))
    reading.targets.append(_Target(src, kept(src), _title(token), len(reading.runs)))
    reading.todo.append(Token("image_close", "", 0))
    reading.todo.extend(reversed(token.children or ()))


def _close_image(reading: _Reading, target: _Target) -> None:
    text = plain(reading.runs[target.start :]).strip()
    behind = target_note("", target.title)
    reading.write(" (" if text else "")
    reading.write(shown(target.address), link=target.link)
    reading.write(f" {behind}" if behind else "")
    reading.write(")" if text else "")


def _title(token: Token) -> str:
    return str(token.attrs.get("title", ""))

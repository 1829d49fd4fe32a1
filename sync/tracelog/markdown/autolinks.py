"""Addresses in running text: http, https and www, in one linear pass; e-mail is linkify-it's.

linkify-it alone would also turn `README.md` into a link, and takes quadratic time on long addresses.
"""

import re

from linkify_it import LinkifyIt
from linkify_it.main import Match
from markdown_it.rules_inline import StateInline

_SCHEME = re.compile(r"(?<![0-9A-Za-z])https?$", re.IGNORECASE)
_LONGEST_SCHEME = len("https") + 1  # one more, to see what stands before it
_TAIL = re.compile(r"(?=[^\W_]|\[)[^\x00-\x20\x7f\s<>\"`|、。，！？；：（）「」『』【】《》〈〉]{1,2001}")
_LONGEST = 2_000  # in characters: no one writes a longer one, and Notion takes no longer link
_CLOSERS = {")": "(", "]": "[", "}": "{"}


def linkifier() -> LinkifyIt:
    """Return a linkify-it that knows e-mail and www only."""
    links = LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": True})
    for schema in ("http:", "https:", "ftp:", "//"):
        links.add(schema, None)
    www = _Www()
    return links.add("www.", {"validate": www.measure, "normalize": www.complete})


def bare_url(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it calls it by position
    """Read an inline `http://…` or `https://…`; a rule of markdown-it."""
    if silent or state.linkLevel > 0 or not state.src.startswith("://", state.pos):
        return False
    scheme = _SCHEME.search(state.pending[-_LONGEST_SCHEME:])
    tail = measure(state.src, state.pos + len("://"))
    if scheme is None or not tail:
        return False
    end = state.pos + len("://") + tail
    url = scheme[0] + state.src[state.pos : end]
    state.pending = state.pending[: -len(scheme[0])]
    link = state.push("link_open", "a", 1)
    link.attrs = {"href": state.md.normalizeLink(scheme[0].lower() + url[len(scheme[0]) :])}
    link.markup = "linkify"
    link.info = "auto"
    state.push("text", "", 0).content = url
    state.push("link_close", "a", -1)
    state.pos = end
    return True


def measure(text: str, start: int) -> int:
    """Return the length of an address from its host on, without the punctuation of the sentence.

    Returns:
        0 when there is no address, or one beyond all measure.
    """
    found = _TAIL.match(text, start)
    if found is None or len(found[0]) > _LONGEST:
        return 0
    tail = found[0]
    excess = {closer: tail.count(closer) - tail.count(opener) for closer, opener in _CLOSERS.items()}
    end = len(tail)
    while True:  # it ends at the host's first letter at the latest
        last = tail[end - 1]
        if excess.get(last, 0) > 0:
            excess[last] -= 1
        elif last not in "?!.,:;*_~'":
            return end
        end -= 1


class _Www:
    """The schema `www.`; linkify-it takes bound methods only."""

    def measure(self, text: str, position: int) -> int:
        return measure(text, position)

    def complete(self, match: Match) -> None:
        match.url = f"http://{match.url}"

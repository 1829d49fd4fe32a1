"""Rich text: put in normal form, cut at a place, cut to what a block holds."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise

from sync.page.blocks import RichText, Run
from sync.page.limits import MAX_BLOCK_TEXT, MAX_ITEMS, MAX_TEXT, fitting, split_text, utf16_length

_C0_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"}
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
_VISIBLE = {**_C0_PICTURES, 0x7F: 0x2421, **_SURROGATES}
_WORD_END = re.compile(r"[!-/:-@\[-^`{-~](?=[\x21-\x7e])")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def holdable(text: str) -> str:
    """Make every character one that JSON and Notion hold: control characters become their pictures."""
    if text.isprintable() or _INVISIBLE.search(text) is None:
        return text
    return text.translate(_VISIBLE)


def normalised(runs: Iterable[Run]) -> RichText:
    """Return the runs in normal form: no empty run, no two neighbours of equal style and link."""
    result: list[Run] = []
    texts: list[str] = []
    last: Run | None = None
    for run in runs:
        if not run.text:
            continue
        if last is not None and last.style == run.style and last.link == run.link:
            texts.append(run.text)
            continue
        if texts:
            _extend_last(result, texts)
            texts.clear()
        result.append(run)
        last = run
    if texts:
        _extend_last(result, texts)
    return tuple(result)


def _extend_last(runs: list[Run], texts: Sequence[str]) -> None:
    last = runs[-1]
    runs[-1] = Run("".join((last.text, *texts)), last.style, last.link)


def plain(text: Iterable[Run]) -> str:
    """Return the text without its style."""
    return "".join([run.text for run in text])


def sliced(text: RichText, start: int, stop: int | None = None) -> RichText:
    """Return the characters from `start` to `stop`, with their style."""
    ends = accumulate((len(run.text) for run in text), initial=0)
    stop = sum(len(run.text) for run in text) if stop is None else stop
    return tuple(
        Run(run.text[max(start - begin, 0) : stop - begin], run.style, run.link)
        for run, (begin, end) in zip(text, pairwise(ends), strict=True)
        if begin < stop and end > start
    )


def lines(text: RichText) -> tuple[RichText, ...]:
    """Return the lines of a text, without their line ends."""
    rows: list[list[Run]] = [[]]
    for run in text:
        first, *others = run.text.split("\n")
        rows[-1].append(Run(first, run.style, run.link))
        rows.extend([Run(other, run.style, run.link)] for other in others)
    return tuple(normalised(row) for row in rows)


def joined(rows: Iterable[RichText], separator: str) -> RichText:
    """Return the texts as one, with a plain separator between them."""
    runs: list[Run] = []
    for i, row in enumerate(rows):
        if i:
            runs.append(Run(separator))
        runs.extend(row)
    return normalised(runs)


def items(text: RichText) -> Iterator[Run]:
    """Cut a text into the runs that one `rich_text` array carries, none longer than Notion takes."""
    for run in text:
        for piece in split_text(run.text, MAX_TEXT):
            yield Run(piece, run.style, run.link)


def fits(text: RichText) -> bool:
    """Tell whether one block holds this text."""
    if is_short(text):
        return True
    return not _is_too_much(sum(1 for _ in items(text)), utf16_length(plain(text)))


def fitted(text: RichText, *, breaks: str) -> tuple[RichText, ...]:
    """Cut a text into what one block each holds, at one of `breaks` where there is one, best first.

    Returns:
        At least one text; the break at a cut is left out.
    """
    if is_short(text):
        return (text,)
    pieces: list[RichText] = []
    window: list[Run] = []
    units = 0
    for item in items(text):
        window.append(item)
        units += utf16_length(item.text)
        while _is_too_much(len(window), units):
            head, rest = _cut(tuple(window), breaks)
            pieces.append(head)
            window = list(rest)
            units = utf16_length(plain(rest))
    return (*pieces, normalised(window)) if window or not pieces else tuple(pieces)


def is_short(text: Sequence[Run]) -> bool:
    """Tell, without counting units, that a text fits; most do."""
    return len(text) <= MAX_ITEMS and 2 * sum([len(run.text) for run in text]) <= MAX_TEXT


def _is_too_much(count: int, units: int) -> bool:
    return count > MAX_ITEMS or units > MAX_BLOCK_TEXT


def _cut(window: RichText, breaks: str) -> tuple[RichText, RichText]:
    """Cut at the last of a break in the second half of the room, else behind a word, else at the end."""
    words = plain(window)
    room = min(fitting(words, MAX_BLOCK_TEXT), len(plain(window[:MAX_ITEMS])))
    places = (words.rfind(mark, max(room // 2, 1), room + 1) for mark in breaks)
    place = next((place for place in places if place > 0), None) or _last_word_end(words, room)
    head = normalised(sliced(window, 0, place))
    return head, sliced(window, place + (words[place] in breaks))


def _last_word_end(words: str, room: int) -> int:
    """Return the last place in the second half of the room that is in no word; the room without one."""
    half = room // 2
    ends = _WORD_END.finditer(words[half : room + 1])
    return max((half + end.end() for end in ends), default=room)

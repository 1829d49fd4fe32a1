"""Put lines on a terminal: once, or again and again in the same place."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

import click

from daemon.status.screen import Line

_BEGIN = "\x1b[?1049h\x1b[?25l"
"""Another screen, as an editor has it, without a cursor; what was there before comes back in the end."""
_END = "\x1b[?25h\x1b[?1049l"
_FRAME_BEGIN = "\x1b[?2026h\x1b[H"
"""Terminals that know it show nothing of a frame before its end; on the others nothing is erased first."""
_LINE_END = "\x1b[K"
_FRAME_END = "\x1b[J\x1b[?2026l"


def drawn(line: Line, *, colours: bool) -> str:
    """Return a line with its colour, and its link where the terminal makes one of it."""
    if not colours or not (line.colour or line.link):
        return line.text
    text = line.text.lstrip(" ")
    indent = line.text[: len(line.text) - len(text)]
    styled = click.style(text, fg=line.colour, bold=line.bold or None)
    linked = f"\x1b]8;;{line.link}\x1b\\{styled}\x1b]8;;\x1b\\" if line.link else styled
    return f"{indent}{linked}"


def refresh(
    stream: TextIO,
    look: Callable[[], Sequence[Line]],
    *,
    every: float,
    rows: Callable[[], int],
    colours: bool,
) -> None:
    """Show what `look` returns, in place, until interrupted; leave its last answer behind.

    Args:
        stream: A terminal.
        look: Returns what is to be shown now.
        every: Seconds between two looks.
        rows: Returns how many lines the terminal has.
        colours: It shows colours and links.
    """
    lines: Sequence[Line] = ()
    with _in_place(stream):
        try:
            while True:
                lines = look()
                fitting = _fitted(lines, rows=rows())
                shown = f"{_LINE_END}\r\n".join(drawn(line, colours=colours) for line in fitting)
                stream.write(f"{_FRAME_BEGIN}{shown}{_LINE_END}{_FRAME_END}")
                stream.flush()
                time.sleep(every)
        except KeyboardInterrupt:
            pass
    stream.write("".join(f"{drawn(line, colours=colours)}\n" for line in lines))
    stream.flush()


@contextmanager
def _in_place(stream: TextIO) -> Iterator[None]:
    stream.write(_BEGIN)
    try:
        yield
    finally:
        stream.write(_END)
        stream.flush()


def _fitted(lines: Sequence[Line], *, rows: int) -> Sequence[Line]:
    if len(lines) <= rows:
        return lines
    return (*lines[: rows - 1], Line(f"… {len(lines) - rows + 1:,} more lines: make the window taller"))

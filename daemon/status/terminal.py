"""Draw lines on a terminal, once or repeatedly in place."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

import click

from daemon.status.screen import Line

_BEGIN = "\x1b[?1049h\x1b[?25l"
"""Switch to the alternate screen and hide the cursor."""
_END = "\x1b[?25h\x1b[?1049l"
_FRAME_BEGIN = "\x1b[?2026h\x1b[H"
"""Begin a synchronised update, for terminals that support it, and go to the top left."""
_LINE_END = "\x1b[K"
_FRAME_END = "\x1b[J\x1b[?2026l"


def drawn(line: Line, *, colours: bool) -> str:
    """Return a line with the escape sequences for its colour and link."""
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
    """Draw what `look` returns, again and again, until interrupted; then print the last lines for good.

    Args:
        stream: The terminal.
        look: Returns the lines to draw.
        every: Seconds between two updates.
        rows: Returns the height of the terminal in lines.
        colours: Whether the terminal shows colours and links.
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

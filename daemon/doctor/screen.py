"""Lay out the checks as text: a line for each, with the next step below it."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from daemon.doctor.check import Check, CheckVerdict
from daemon.status.columns import visible, width

MARKS = {CheckVerdict.GOOD: "✓", CheckVerdict.REMARK: "⚠", CheckVerdict.BAD: "✗"}

_NAME = 19
_INDENT = " " * (4 + _NAME)


def screen(checks: Sequence[Check], *, columns: int) -> Iterator[tuple[str, CheckVerdict | None]]:
    """Yield the lines, each with the verdict that decides its colour; None for a heading.

    Args:
        checks: The checks in order.
        columns: The width at which lines are wrapped.
    """
    for area, members in groupby(checks, key=lambda check: check.area):
        yield area.value, None
        for check in members:
            yield from ((line, check.verdict) for line in _lines(check, columns))
        yield "", None
    yield from _summary(checks)


def _lines(check: Check, columns: int) -> Iterator[str]:
    head = f"  {MARKS[check.verdict]} {visible(check.name):<{_NAME}}"
    yield from _wrapped(visible(check.what), columns, first=head, further=_INDENT)
    if check.next_step:
        yield from _wrapped(visible(check.next_step), columns, first=f"{_INDENT}→ ", further=f"{_INDENT}  ")


def _wrapped(text: str, columns: int, *, first: str, further: str) -> Iterator[str]:
    """Yield lines broken between words only, so that an address or a path can be copied."""
    line, has_words = first, False
    for word in text.split(" "):
        longer = f"{line} {word}" if has_words else f"{line}{word}"
        if has_words and width(longer) > columns:
            yield line
            longer = f"{further}{word}"
        line, has_words = longer, True
    yield line


def _summary(checks: Sequence[Check]) -> Iterator[tuple[str, CheckVerdict | None]]:
    bad = sum(check.verdict is CheckVerdict.BAD for check in checks)
    remarks = sum(check.verdict is CheckVerdict.REMARK for check in checks)
    if bad:
        yield (
            "✗ 1 thing needs you; it says what to do."
            if bad == 1
            else f"✗ {bad} things need you; each says what to do.",
            CheckVerdict.BAD,
        )
    elif remarks:
        yield f"⚠ Nothing is wrong; {remarks} {'remark' if remarks == 1 else 'remarks'}.", CheckVerdict.REMARK
    else:
        yield "✓ All is well.", CheckVerdict.GOOD

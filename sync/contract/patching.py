"""Apply a unified diff to a text, as strictly as git."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from sync.contract.document import lines_of

_HUNK: Final = re.compile(r"@@ -(\d+),(\d+) \+(\d+),(\d+) @@\n")
_NO_END: Final = "\\ No newline at end of file\n"


class DoesNotApply(ValueError):
    """The diff does not fit the text."""


def patched(text: str, diff: str) -> str:
    """Return a text with a diff of one file applied, at exactly the lines that it names.

    Raises:
        DoesNotApply: A line, a line number or a count differs from the diff.
    """
    old = lines_of(text)
    new: list[str] = []
    done = 0
    header, hunks = _hunks(diff)
    if [line[:4] for line in header] != ["--- ", "+++ "]:
        raise DoesNotApply("the names of the file are missing")
    for (start, count, new_start, new_count), body in hunks:
        at = start - 1 if count else start
        new += old[done:at]
        before, after = _sides(body)
        if at < done or (len(before), len(after)) != (count, new_count) or old[at : at + count] != before:
            raise DoesNotApply(f"line {start} is not as the diff says")
        if len(new) != (new_start - 1 if new_count else new_start):
            raise DoesNotApply(f"line {new_start} of the new file is not where the diff says")
        new += after
        done = at + count
    return "".join([*new, *old[done:]])


def _hunks(diff: str) -> tuple[Sequence[str], list[tuple[tuple[int, int, int, int], list[str]]]]:
    header: list[str] = []
    hunks: list[tuple[tuple[int, int, int, int], list[str]]] = []
    for line in lines_of(diff):
        if (found := _HUNK.fullmatch(line)) is not None:
            start, count, new_start, new_count = map(int, found.groups())
            hunks.append(((start, count, new_start, new_count), []))
        elif hunks:
            hunks[-1][1].append(line)
        else:
            header.append(line)
    return header, hunks


def _sides(body: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    before: list[str] = []
    after: list[str] = []
    for sign, line in _signed(body):
        if sign not in " +-":
            raise DoesNotApply(f"{sign!r} begins no line of a diff")
        if sign != "+":
            before.append(line)
        if sign != "-":
            after.append(line)
    return tuple(before), tuple(after)


def _signed(body: Sequence[str]) -> Iterator[tuple[str, str]]:
    for line, following in zip(body, [*body[1:], ""], strict=True):
        if line != _NO_END:
            yield line[:1], line[1:].removesuffix("\n") if following == _NO_END else line[1:]

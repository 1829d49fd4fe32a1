"""Secrets that tell by their own look whose they are."""

import re
from collections.abc import Iterator
from itertools import chain

from sync.redaction.finding import SecretFinding
from sync.redaction.providers import FORMATS, Format
from sync.redaction.rows import Rows
from sync.redaction.searched import Searched
from sync.redaction.shapes import SHAPES, Shape
from sync.redaction.strength import is_name, is_stand_in

_LETTER_OR_DIGIT = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_AWS_SECRET = re.compile(r"(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")
_WORD = re.compile(r"[A-Za-z0-9]+.?")
_INSIDE = tuple(place for place, known in enumerate(FORMATS) if not known.prefix[0].isalnum())
_BY_BEGINNING = {
    beginning: tuple(place for place, known in enumerate(FORMATS) if known.prefix.startswith(beginning))
    for beginning in {known.prefix[:2] for known in FORMATS if known.prefix[0].isalnum()}
}
"""The places of the formats that begin a word, by its first two signs; the others may stand inside of one."""

_NEAR = 300
"""Characters after an AWS key id in which its secret is expected."""


def find(searched: Searched) -> Iterator[SecretFinding]:
    """Find the secrets that tell by their own look whose they are."""
    text, rows = searched.text, searched.rows
    # One pass over the beginnings of the words excludes nearly all of them.
    begun = {word[:2] for word in _WORD.findall(rows.text)}
    for place in sorted(chain(_INSIDE, *(_BY_BEGINNING[each] for each in begun & _BY_BEGINNING.keys()))):
        known = FORMATS[place]
        if known.prefix in rows.text:
            yield from _of_format(known, text, rows)
    for shape in SHAPES:
        if shape.hint in rows.text and shape.pattern.search(rows.text):
            yield from _of_shape(shape, text)


def _of_format(known: Format, text: str, rows: Rows) -> Iterator[SecretFinding]:
    place = rows.text.find(known.prefix)
    done = 0
    while place >= 0:
        at = rows.place(place)
        end = at + len(known.prefix)
        if at >= done and (known.prefix[0] not in _LETTER_OR_DIGIT or _begins(text, at, apart=known.apart)):
            found = known.tail.match(text, end)
            if found is not None:
                end = max(end, found.end())
                start = found.start("secret") if found.re.groups else at
                if _is_secret(text[start : found.end()], text[found.start() : found.end()]):
                    yield SecretFinding(known.rule, ((start, end),))
                    if known.rule == "aws-access-key-id":
                        yield from _aws_secret(text, end)
                done = end
        place = rows.text.find(known.prefix, place + len(known.prefix))


def _begins(text: str, at: int, *, apart: bool) -> bool:
    """Tell whether something begins here that is no part of a longer word, nor, apart, of a name."""
    before = text[max(at - 2, 0) : at]
    if before[-1:] in _LETTER_OR_DIGIT:
        return False
    return not (apart and before[-1:] in {"-", "_", "."} and before[:1].isalpha())


def _of_shape(shape: Shape, text: str) -> Iterator[SecretFinding]:
    for found in shape.pattern.finditer(text):
        start, end = found.span("secret" if found.re.groups else 0)
        if _is_secret(text[start:end], text[start:end]):
            yield SecretFinding(shape.rule, ((start, end),))


def _is_secret(whole: str, tail: str) -> bool:
    return not is_stand_in(whole) and not is_name(tail[:200])


def _aws_secret(text: str, start: int) -> Iterator[SecretFinding]:
    for found in _AWS_SECRET.finditer(text, start, start + _NEAR):
        secret = found[0]
        mixed = secret.lower() != secret != secret.upper() and not secret.isalpha()
        if mixed and _is_secret(secret, secret):
            yield SecretFinding("aws-secret-access-key", (found.span(),))

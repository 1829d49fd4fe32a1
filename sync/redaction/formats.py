"""Secrets that tell by their own look whose they are."""

import re
from collections.abc import Iterator

from sync.redaction.finding import Finding
from sync.redaction.providers import FORMATS, SHAPES, Format, Shape
from sync.redaction.strength import is_name, is_stand_in

_LETTER_OR_DIGIT = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_AWS_SECRET = re.compile(r"(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")
_LONG_RUN = re.compile(r"[A-Za-z0-9_./+=:%$|~@-]{16,}")
_NEAR = 300
"""Characters after an AWS key id in which its secret is expected."""


def find(text: str, lowered: str) -> Iterator[Finding]:  # noqa: ARG001 - every rule takes both
    """Find them."""
    # No secret is shorter than such a run, and most of a log is no such run: to look there first saves most.
    runs = "\n".join(_LONG_RUN.findall(text))
    for known in FORMATS:
        if known.prefix in runs:
            yield from _of_format(known, text)
    for shape in SHAPES:
        if shape.hint in runs and shape.pattern.search(runs):
            yield from _of_shape(shape, text)


def _of_format(known: Format, text: str) -> Iterator[Finding]:
    at = text.find(known.prefix)
    while at >= 0:
        end = at + len(known.prefix)
        if known.prefix[0] not in _LETTER_OR_DIGIT or _begins(text, at, apart=known.apart):
            found = known.tail.match(text, end)
            if found is not None:
                end = max(end, found.end())
                start = found.start("secret") if found.re.groups else at
                if _is_secret(text[start : found.end()], text[found.start() : found.end()]):
                    yield Finding(known.rule, ((start, end),))
                    if known.rule == "aws-access-key-id":
                        yield from _aws_secret(text, end)
        at = text.find(known.prefix, end)


def _begins(text: str, at: int, *, apart: bool) -> bool:
    """Tell whether something begins here that is no part of a longer word, nor, apart, of a name."""
    before = text[max(at - 2, 0) : at]
    if before[-1:] in _LETTER_OR_DIGIT:
        return False
    return not (apart and before[-1:] in {"-", "_", "."} and before[:1].isalpha())


def _of_shape(shape: Shape, text: str) -> Iterator[Finding]:
    for found in shape.pattern.finditer(text):
        start, end = found.span("secret" if found.re.groups else 0)
        if _is_secret(text[start:end], text[start:end]):
            yield Finding(shape.rule, ((start, end),))


def _is_secret(whole: str, tail: str) -> bool:
    return not is_stand_in(whole) and not is_name(tail[:200])


def _aws_secret(text: str, start: int) -> Iterator[Finding]:
    for found in _AWS_SECRET.finditer(text, start, start + _NEAR):
        secret = found[0]
        mixed = secret.lower() != secret != secret.upper() and not secret.isalpha()
        if mixed and _is_secret(secret, secret):
            yield Finding("aws-secret-access-key", (found.span(),))

"""Find personal details: mail addresses, phone numbers, home directories, Notion pages and ids."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class PersonalDetailKind(StrEnum):
    """The kind of a personal detail, which its placeholder names."""

    PAGE = "PAGE"
    EMAIL = "EMAIL"
    HOME = "HOME"
    ID = "ID"
    PHONE = "PHONE"


@dataclass(frozen=True, slots=True)
class PersonalDetail:
    """An occurrence of a personal detail in a text.

    Attributes:
        kind: Its kind.
        same: The detail in a form that is equal for all its spellings.
        start: The index of its first character.
        end: The index after its last character.
    """

    kind: PersonalDetailKind
    same: str
    start: int
    end: int


_AT: Final = r"(?:[@＠]|%40|&#64;|[ ]?[\[(]at[\])][ ]?)"
_DOT: Final = r"(?:\.|[ ]?[\[(]dot[\])][ ]?)"
_URL_SIGN: Final = r"[^\s<>\"'`|\])}“”‘’]"
_NAME_SIGN: Final = r"[^\s/\\:;,<>\"'`|()\[\]{}“”‘’]"
_SLASH: Final = r"(?:\\{1,4}|/)"
_DIGITS: Final = r"(?:\([0-9]{1,5}\)|[0-9]{1,5})"

_PATTERNS: Final = (
    (
        PersonalDetailKind.PAGE,
        re.compile(
            rf"(?:https?|notion)://(?:[\w-]+\.)*notion\.(?:so|site|com)/{_URL_SIGN}*(?<![.,;:!?])",
            re.IGNORECASE,
        ),
    ),
    (
        PersonalDetailKind.EMAIL,
        re.compile(
            rf"(?<![\w.+-])[\w+-][\w.+-]{{0,63}}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{0,5}}"
            rf"{_DOT}[^\W\d_]{{2,24}}(?![\w-])",
            re.IGNORECASE,
        ),
    ),
    (
        PersonalDetailKind.HOME,
        re.compile(
            r"(?:(?<![\w.])(?:/var|/mnt/[a-z]|/export|/private|/System/Volumes/Data)?/(?:home|Users)/"
            rf"|(?<![A-Za-z])[A-Za-z]:{_SLASH}(?:[Uu]sers|USERS|Documents and Settings){_SLASH})"
            rf"(?!<){_NAME_SIGN}*(?<![.!?])(?<![/\\])(?:[ ][\w.-]{{1,40}}(?=\\))?"
        ),
    ),
    (
        PersonalDetailKind.ID,
        re.compile(
            r"(?<![0-9a-f-])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})(?![0-9a-f-])",
            re.IGNORECASE,
        ),
    ),
    (
        PersonalDetailKind.PHONE,
        re.compile(
            rf"(?<![\w+.-])(?:(?:\+|00(?=[1-9][0-9 ]))[1-9][0-9]{{0,2}}(?:[ .\-/]{{0,2}}{_DIGITS}){{2,6}}"
            r"|\([0-9]{3}\)[ -]?[0-9]{3}[ .-][0-9]{4}|[0-9]{3}([ .-])[0-9]{3}\1[0-9]{4}"
            r"|0[1-9][0-9]{1,4}[ /-](?:[0-9]{5,9}|[ /-]{0,2}[0-9]{2,5}(?:[ -][0-9]{2,5}){1,3})"
            r"|0[1-9](?:[ .][0-9]{2}){4})(?![\w-]|\.[0-9])"
        ),
    ),
)
_FEWEST_DIGITS: Final = 8
_SEPARATORS: Final = re.compile(r"[^0-9a-z]+")


def personal_details(text: str) -> Iterator[PersonalDetail]:
    """Yield the personal details of a text in order, without overlaps."""
    found = sorted(_found(text), key=lambda detail: (detail.start, -detail.end))
    done = 0
    for detail in found:
        if detail.start >= done:
            yield detail
            done = detail.end


def with_placeholders(text: str, placeholder: Callable[[PersonalDetail], str]) -> str:
    """Return a text with each personal detail replaced by its placeholder."""
    parts: list[str] = []
    done = 0
    for detail in personal_details(text):
        parts += (text[done : detail.start], placeholder(detail))
        done = detail.end
    return "".join((*parts, text[done:]))


def _found(text: str) -> Iterator[PersonalDetail]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            written = match[0].casefold()
            match kind:
                case PersonalDetailKind.PAGE:
                    same = written
                case PersonalDetailKind.EMAIL:
                    same = re.sub(_AT, "@", re.sub(_DOT, ".", written))
                case PersonalDetailKind.HOME:
                    same = re.split(r"[/\\]", written)[-1]
                case PersonalDetailKind.ID | PersonalDetailKind.PHONE:
                    same = _SEPARATORS.sub("", written)
            if kind is not PersonalDetailKind.PHONE or len(same) >= _FEWEST_DIGITS:
                yield PersonalDetail(kind, same, *match.span())

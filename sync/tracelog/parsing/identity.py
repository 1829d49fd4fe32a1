"""Find the kind and id of a log in its title, else in its path."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sync.names import LogPath
from sync.tracelog.headings import MarkdownHeading
from sync.tracelog.model import FormatWarning, Kind
from sync.tracelog.rules import Rule
from sync.tracelog.template import TEMPLATES
from sync.tracelog.title import (
    Title,
    check_file_name,
    id_by_file_name,
    is_placeholder,
    kind_by_folder,
    read_title,
)

_PLACES = {Kind.EXECUTION: "outside of the folder exceptions/", Kind.EXCEPTION: "in the folder exceptions/"}


@dataclass(frozen=True, slots=True)
class Identity:
    """The kind and id of a log. `heading` is its title, in any form; None if there is none."""

    kind: Kind
    log_id: str
    heading: MarkdownHeading | None
    warnings: tuple[FormatWarning, ...]


def identify_log(headings: Sequence[MarkdownHeading], path: LogPath) -> Identity:
    """Find the title before the first known section, and read kind and id from it.

    If the title does not have the form of the spec, both come from the path.
    """
    heading = _find_title(headings)
    title = None if heading is None else read_title(heading.text)
    kind = kind_by_folder(path) if title is None else title.kind
    log_id = "" if title is None or is_placeholder(title) else title.log_id
    warnings = (*check_file_name(path), *_check_title(heading, title, path))
    return Identity(kind, log_id or id_by_file_name(path), heading, warnings)


def _find_title(headings: Sequence[MarkdownHeading]) -> MarkdownHeading | None:
    first_section = next((index for index, heading in enumerate(headings) if heading.name), len(headings))
    candidates = headings[:first_section]
    return next(
        (heading for heading in candidates if read_title(heading.text)),
        next((heading for heading in candidates if heading.level == 1), None),
    )


def _check_title(
    heading: MarkdownHeading | None, title: Title | None, path: LogPath
) -> Iterator[FormatWarning]:
    folder_kind = kind_by_folder(path)
    wanted = TEMPLATES[title.kind if title else folder_kind]
    if heading is None:
        yield Rule.MISSING_TITLE.at(1, title=wanted.title)
        return
    line = heading.lines.start + 1
    if title is None or not title.strict or heading.level != 1:
        yield Rule.ODD_TITLE.at(line, title=wanted.title)
    if title is not None and is_placeholder(title):
        yield Rule.TEMPLATE_TEXT.at(line, text=f"[{wanted.id_placeholder}]")
    if title is not None and title.kind is not folder_kind:
        yield Rule.WRONG_FOLDER.at(line, kind=title.kind, place=_PLACES[title.kind])

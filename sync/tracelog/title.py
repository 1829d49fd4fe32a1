"""The title of a log, and what its path says in the title's absence."""

import re
from dataclasses import dataclass
from datetime import date

from sync.names import LogPath
from sync.tracelog.model import FormatWarning, Kind
from sync.tracelog.rules import Rule
from sync.tracelog.template import TEMPLATES

_TITLE = re.compile(
    r"(?P<word>execution log|exception)(?P<log> log)?\s?(?P<mark>[:：]|[-–—](?=\s)|$)\s*(?P<id>.*)",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})-(.+)\.md", re.DOTALL)
_DATE_PREFIX = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[-_ ]*")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Title:
    """What a title says.

    Attributes:
        kind: The kind of log.
        log_id: Without the template's brackets; empty when the title gives none.
        strict: Written as the spec writes it.
    """

    kind: Kind
    log_id: str
    strict: bool


def read_title(text: str) -> Title | None:
    """Read the text of a heading, without markup; None when it is no title of a log."""
    found = _TITLE.fullmatch(" ".join(text.split()))
    if found is None:
        return None
    kind = Kind.EXECUTION if found["word"].casefold().startswith("execution") else Kind.EXCEPTION
    log_id = _without_brackets(found["id"])
    return Title(kind, log_id, strict=bool(log_id) and found["mark"] == ":" and found["log"] is None)


def is_placeholder(title: Title) -> bool:
    """Tell whether the id is still the template's."""
    return title.log_id.casefold() == TEMPLATES[title.kind].id_placeholder.casefold()


def kind_by_folder(path: LogPath) -> Kind:
    """Return the kind of logs that lie in the folder of this path."""
    return Kind.EXCEPTION if "exceptions" in path.split("/")[:-1] else Kind.EXECUTION


def id_by_file_name(path: LogPath) -> str:
    """Return the file name without the day and `.md`; never empty, always valid Unicode."""
    stem = re.sub(r"\.md$", "", path.rsplit("/", 1)[-1], flags=re.IGNORECASE)
    name = _DATE_PREFIX.sub("", stem, count=1) if _DATE_PREFIX.match(stem) else stem
    return _SURROGATE.sub("\ufffd", name.strip() or stem.strip() or path.strip() or "log")


def check_file_name(path: LogPath) -> tuple[FormatWarning, ...]:
    """Warn when the file name is not a day, an id and `.md`."""
    return () if file_name_parts(path.rsplit("/", 1)[-1]) else (Rule.FILE_NAME.at(1),)


def file_name_parts(file_name: str) -> tuple[date, str] | None:
    """Return day and id of a file name; None when it is not a day, an id and `.md`."""
    found = _FILE_NAME.fullmatch(file_name)
    if found is None:
        return None
    try:
        return date.fromisoformat(found[1]), found[2]
    except ValueError:
        return None


def _without_brackets(text: str) -> str:
    inner = text.strip()
    if inner.startswith("[") and inner.endswith("]") and not {"[", "]"} & set(inner[1:-1]):
        inner = inner[1:-1]
    return inner.strip()

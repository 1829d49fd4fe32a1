"""What of a log may leave the machine: its page and its file, without secrets when the settings say so."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sync.files import ReadEnds, ReadLog
from sync.keys import key_of
from sync.names import LogPath
from sync.page.from_content import page_from_content
from sync.page.oversize import Gap
from sync.page.withheld import Whole
from sync.redaction.content import RedactedFile, redact_file
from sync.redaction.redact import redact
from sync.rules import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A log as it may leave the machine.

    Attributes:
        page: Its page.
        content: The file, or its two ends.
        redacted: How many secrets of each kind were taken out of the content.
    """

    page: Whole
    content: bytes = field(repr=False)
    redacted: Mapping[str, int]


def fit_for_leaving(rules: Rules, path: LogPath, reading: ReadLog) -> Fit:
    """Take the secrets out of a log and render it.

    The key stays the path as it is: it is what identifies the log. What is shown of the path is redacted.
    """
    gap = reading.gap if isinstance(reading, ReadEnds) else None
    parts = (reading.content,) if gap is None else (reading.content[: gap.at], reading.content[gap.at :])
    cleaned = redact_file(*parts) if rules.redact else RedactedFile(parts=parts, counts={})
    content = b"".join(cleaned.parts)
    page = page_from_content(
        content,
        _moved(gap, len(cleaned.parts[0])),
        path=LogPath(redact(path).text) if rules.redact else path,
        key=key_of(rules.host, path),
        content_hash=reading.digest,
        zone=rules.zone,
        redacted=cleaned.counts,
    )
    return Fit(page=page, content=content, redacted=cleaned.counts)


def _moved(gap: Gap | None, at: int) -> Gap | None:
    return None if gap is None else replace(gap, at=at)

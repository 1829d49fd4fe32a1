"""Turn the bytes of a log of any size into its page and the file behind it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import tzinfo
from hashlib import sha256
from typing import Final

from sync.names import Digest, Key, LogPath
from sync.page.oversize import Gap, abridged, boxed, excerpt, in_file
from sync.page.render import render
from sync.page.withheld import Original, Whole
from sync.tracelog.model import FormatWarning
from sync.tracelog.parsing.parser import parse

_VERSION: Final = 16
"""The number of digits of a version."""


def _version(content: bytes, content_hash: Digest, redacted: Mapping[str, int]) -> str:
    """Return the version of the attached file, which depends on what was redacted."""
    return (sha256(content).hexdigest() if redacted else content_hash)[:_VERSION]


def page_from_content(  # noqa: PLR0913 - what a page is made of
    content: bytes,
    gap: Gap | None,
    *,
    path: LogPath,
    key: Key,
    content_hash: Digest,
    zone: tzinfo,
    redacted: Mapping[str, int],
) -> Whole:
    """Return the page of a log, with only the head and tail of one that is too long.

    Args:
        content: The log, or its two ends.
        gap: What `content` lacks; None if it is the whole log.
        path: The path of the log.
        key: The key of its page.
        content_hash: The digest of the file.
        zone: The time zone of a timestamp that names none.
        redacted: The number of secrets of each kind that were taken out of `content`.
    """
    part = excerpt(content, gap)
    log = parse(part.content if part else content, path, zone=zone)
    if part:
        log = replace(log, warnings=in_file(log.warnings, part))
    if redacted:
        log = replace(log, warnings=(_redaction_warning(redacted), *log.warnings))
    draft = render(log, key=key, content_hash=content_hash)
    body = abridged(boxed(draft.body, part.note) if part else draft.body)
    return Whole(
        draft=replace(draft, body=body),
        original=Original(
            path=path, version=_version(content, content_hash, redacted), attachable=gap is None
        ),
        abridged=part is not None or body != draft.body,
    )


def _redaction_warning(counts: Mapping[str, int]) -> FormatWarning:
    """Return the warning that secrets were replaced, with the number of each kind."""
    kinds = ", ".join(f"{count} × {rule}" for rule, count in counts.items())
    return FormatWarning(
        rule="redacted",
        line=1,
        column=1,
        expected=f"{kinds} were replaced before this left the machine",
        fix="Revoke what is still valid, and take it out of the log",
    )

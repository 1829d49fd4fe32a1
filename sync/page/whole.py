"""From the bytes of a log, however many, to its page and the file behind it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import tzinfo
from hashlib import sha256
from typing import Final

from sync.names import Digest, Key, LogPath
from sync.page.oversize import Gap, abridged, boxed, excerpt, in_file
from sync.page.redacted import redaction_warnings
from sync.page.render import render
from sync.page.withheld import Original, Whole
from sync.tracelog.parsing.parser import parse

_VERSION: Final = 16
"""Digits of the hash that tell one version of a log from the next."""


def _version(content: bytes, content_hash: Digest, redacted: Mapping[str, int]) -> str:
    """Tell one version of the file from the next: what is redacted is another one than what is not."""
    return (sha256(content).hexdigest() if redacted else content_hash)[:_VERSION]


def whole(  # noqa: PLR0913 - what a page is made of
    content: bytes,
    gap: Gap | None,
    *,
    path: LogPath,
    key: Key,
    content_hash: Digest,
    zone: tzinfo,
    redacted: Mapping[str, int],
) -> Whole:
    """Return the page of a log; of one that is too long, the head and the tail.

    Args:
        content: The log, or its two ends.
        gap: What is missing in `content`; None: nothing.
        path: Of the log.
        key: Of its page.
        content_hash: Of the file.
        zone: Is meant by a timestamp that names none.
        redacted: How many secrets of each kind were taken out of `content`.
    """
    part = excerpt(content, gap)
    log = parse(part.content if part else content, path, zone=zone)
    if part:
        log = replace(log, warnings=in_file(log.warnings, part))
    if redacted:
        log = replace(log, warnings=(*redaction_warnings(redacted), *log.warnings))
    draft = render(log, key=key, content_hash=content_hash)
    body = abridged(boxed(draft.body, part.note) if part else draft.body)
    return Whole(
        draft=replace(draft, body=body),
        original=Original(
            path=path, version=_version(content, content_hash, redacted), attachable=gap is None
        ),
        abridged=part is not None or body != draft.body,
    )

"""Take the secrets out of the bytes of a file; everything else keeps its bytes and its encoding."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sync.encoding import codec_of
from sync.redaction.redact import redact


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactedFile:
    """The content of a file without secrets.

    Attributes:
        parts: The parts of the file that were given, in order.
        counts: How many secrets of each kind were in them.
    """

    parts: tuple[bytes, ...]
    counts: Mapping[str, int]


def redact_file(*parts: bytes) -> RedactedFile:
    """Take the secrets out of a file; it is given whole or in parts that begin with a line."""
    first = parts[0] if parts else b""
    codec = codec_of(first) or "utf-8"
    errors = "surrogateescape" if codec == "utf-8" else "surrogatepass"
    counts: Counter[str] = Counter()
    cleaned: list[bytes] = []
    for part in parts:
        redacted = redact(_decoded(part, codec, errors))
        counts.update(redacted.counts)
        cleaned.append(redacted.text.encode(codec, errors) if redacted.counts else part)
    return RedactedFile(parts=tuple(cleaned), counts=dict(sorted(counts.items())))


def _decoded(content: bytes, codec: str, errors: str) -> str:
    try:
        return content.decode(codec, errors)
    except UnicodeDecodeError:
        return content.decode(codec, "replace")

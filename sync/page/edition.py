"""Which software and settings shaped a page: another edition renders it anew."""

import hashlib
from collections.abc import Mapping

from sync.names import Property

RENDERER = 4
"""Raised with every change of the parser or renderer that changes pages."""


def edition(names: Mapping[Property, str], *, redact: bool) -> str:
    """Return the edition of pages that this software makes under these settings."""
    shape = repr((RENDERER, sorted((ours.name, name) for ours, name in names.items()), redact))
    return f"{RENDERER}-{hashlib.blake2b(shape.encode(), digest_size=4).hexdigest()}"

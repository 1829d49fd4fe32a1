"""The edition of a page: a new one means that the page has to be rendered again."""

import hashlib
from collections.abc import Mapping

from sync.names import Property

RENDERER = 4
"""The version of the renderer, to be raised with every change that changes pages."""


def edition(names: Mapping[Property, str], *, redact: bool) -> str:
    """Return the edition of the pages that this software makes with these settings."""
    shape = repr((RENDERER, sorted((ours.name, name) for ours, name in names.items()), redact))
    return f"{RENDERER}-{hashlib.blake2b(shape.encode(), digest_size=4).hexdigest()}"

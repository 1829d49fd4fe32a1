"""What a megabyte costs on its way to a page when it is made to cost most."""

import time
from collections.abc import Iterator
from datetime import UTC

import corpus
from figures import Bar, Figure, Scale
from sync.names import Digest, Key
from sync.page.from_content import page_from_content
from sync.redaction.content import redact_file

_MEGABYTES = 2
_MOST = 100
"""Milliseconds for each megabyte."""

_DENSE = {
    "lists": "- a\n",
    "nested lists": "- a\n  - b\n    - c\n",
    "table rows": "| a | b | c |\n",
    "quotes": "> quoted words\n>\n",
    "headings": "### h\n",
    "paragraphs": "a\n\n",
    "code": "x = 1\n",
    "emphasis": "*a* **b** `c` ~~d~~ ",
    "links": "[a](https://example.com/x) ",
    "brackets": "[",
    "backticks": "`` ` ",
    "empty lines": "\n",
    "zeros": "\0",
    "one word": "x",
    "CJK": "日本語の文。",
}
_TRIGGERS = {
    "names of secrets": "password secret token api_key: auth signature ",
    "names with values": "password=hunter2 token: abc secret ",
    "headers": "authorization: bearer basic cookie sess ",
    "commands": "login password: echo curl mysql credential ",
    "escapes": '\\n\\t%20&amp;\\" ',
}


def measure(scale: Scale) -> Iterator[Figure]:
    """Time two megabytes of each kind, secrets taken out, parsed and rendered; each the best of some."""
    for name, piece in _DENSE.items():
        yield Figure(f"nothing but {name}", _cost(piece, scale.repeats), "ms/MB", Bar(_MOST))
    for name, piece in _TRIGGERS.items():
        yield Figure(f"what looks for secrets, saturated with {name}", _cost(piece, scale.repeats), "ms/MB")


def _cost(piece: str, repeats: int) -> float:
    opening = (
        "| a | b | c |\n|---|---|---|\n"
        if piece.startswith("|")
        else "```\n"
        if piece == _DENSE["code"]
        else ""
    )
    body = piece * (_MEGABYTES * 1_000_000 // len(piece.encode()))
    content = f"# Execution Log: X\n\n## Task\n\n{opening}{body}".encode()
    return min(_timed(content) for _ in range(repeats)) * 1_000 / (len(content) / 1e6)


def _timed(content: bytes) -> float:
    started = time.process_time()
    cleaned = redact_file(content)
    assert page_from_content(
        b"".join(cleaned.parts),
        None,
        path=corpus.path(0),
        key=Key("saturated.md"),
        content_hash=Digest("0" * 64),
        zone=UTC,
        redacted=cleaned.counts,
    ).draft.body
    return time.process_time() - started

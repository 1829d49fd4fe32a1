"""Records made by hand, for what groups them, ranks them and remembers them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import pytest

from sync.names import LogPath
from sync.patterns.records.masking import mask
from sync.patterns.records.record import Record, RecordKind

Told: TypeAlias = Callable[..., Record]
"""`told(day, text, **fields)`: what the log of that day tells."""


@pytest.fixture(scope="session")
def told() -> Told:
    """Give a function that makes the record of a log of the given day."""

    def make(day: int, text: str, **fields: object) -> Record:
        moment = datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(days=day)
        record = Record(
            path=LogPath(f"exceptions/{moment.date()}-{day}.md"),
            log_id=str(day),
            line=8,
            kind=RecordKind.EXCEPTION,
            text=text,
            essence=mask(text),
            moment=moment,
            env=None,
            severity=None,
            outcome=None,
            tools=(),
            reference="",
            proposed_fix="",
        )
        return replace(record, **fields)  # type: ignore[arg-type]  # fields are those of a record

    return make

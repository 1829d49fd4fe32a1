"""Where words of a person were put before the log's own text came back over them: the latest of them."""

import json
from pathlib import Path
from typing import NamedTuple

from sync.names import LogPath
from sync.state.database import sensible
from sync.state.store import Store

_FACT = "savings"
_MOST = 500


class Saving(NamedTuple):
    """Words that were put in safety.

    Attributes:
        number: Grows with each.
        path: The log on whose page they stood.
        file: Holds them; empty: they are a comment on the page.
    """

    number: int
    path: LogPath
    file: str


def remember_saving(store: Store, path: LogPath, file: Path | None) -> None:
    """Remember that words were saved in a file, or as a comment on the page when it is None."""
    earlier = _remembered(store)
    number = earlier[-1].number + 1 if earlier else 1
    latest = (*earlier, Saving(number, path, "" if file is None else str(file)))
    store.remember(_FACT, json.dumps(latest[-_MOST:]))


def latest_saving(store: Store) -> int:
    """Return the number of the latest; 0 when nothing was ever saved."""
    return max((each.number for each in _remembered(store)), default=0)


def savings_since(store: Store, number: int) -> tuple[Saving, ...]:
    """Return what was saved after the one of this number, as far as it is remembered."""
    return tuple(each for each in _remembered(store) if each.number > number)


@sensible
def _remembered(store: Store) -> tuple[Saving, ...]:
    told = json.loads(store.fact(_FACT) or "[]")
    return tuple(Saving(number, LogPath(path), file) for number, path, file in told)

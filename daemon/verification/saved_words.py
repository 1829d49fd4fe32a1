"""What people wrote into the log's own text, and where a repair has put it."""

from dataclasses import dataclass

from sync.names import LogPath
from sync.state.savings import savings_since
from sync.state.store import Store


@dataclass(frozen=True, slots=True)
class SavedWords:
    """Where something is that stood on the page of a log.

    Attributes:
        file: Holds it; empty: it is a comment on the page.
        url: Of the page; empty when that is not known.
    """

    path: LogPath
    file: str
    url: str

    def as_json(self) -> dict[str, str]:
        """Return it for JSON."""
        kind, where = ("file", self.file) if self.file else ("comment", self.url)
        return {"path": self.path, "as": kind, "where": where}

    def __str__(self) -> str:
        what = f"{self.path}: what was written on its page is"
        return f"{what} kept in {self.file}" if self.file else f"{what} now a comment there: {self.url}"


def saved_since(store: Store, number: int) -> tuple[SavedWords, ...]:
    """Return where words were put after the saving of this number, each place once."""
    found = savings_since(store, number)
    records = store.pages([each.path for each in found])
    urls = {path: record.url for path, record in records.items()}
    return tuple(dict.fromkeys(SavedWords(each.path, each.file, urls.get(each.path, "")) for each in found))

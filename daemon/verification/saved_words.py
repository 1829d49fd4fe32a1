"""Where a repair has saved what people wrote into a log's own text."""

from dataclasses import dataclass

from sync.names import LogPath
from sync.state.savings import savings_since
from sync.state.store import Store


@dataclass(frozen=True, slots=True)
class SavedWords:
    """Where words from the page of a log were saved.

    Attributes:
        path: The log.
        file: The file that holds the words; empty if they are a comment on the page.
        url: The page; empty if that is unknown.
    """

    path: LogPath
    file: str
    url: str

    def as_json(self) -> dict[str, str]:
        """Return the fields for JSON."""
        kind, where = ("file", self.file) if self.file else ("comment", self.url)
        return {"path": self.path, "as": kind, "where": where}

    def __str__(self) -> str:
        what = f"{self.path}: what was written on its page is"
        return f"{what} kept in {self.file}" if self.file else f"{what} now a comment there: {self.url}"


def saved_since(store: Store, number: int) -> tuple[SavedWords, ...]:
    """Return where words were saved after the saving with this number, each place once."""
    found = savings_since(store, number)
    records = store.pages([each.path for each in found])
    urls = {path: record.url for path, record in records.items()}
    return tuple(dict.fromkeys(SavedWords(each.path, each.file, urls.get(each.path, "")) for each in found))

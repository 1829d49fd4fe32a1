"""Lists that Notion gives page by page, each with the cursor of the next."""

from collections.abc import Mapping
from types import MappingProxyType

from sync.errors import Transient


class Pagination:
    """Follows the cursors of one list, and never in a circle.

    Attributes:
        query: What asks for the next page; empty for the first.
    """

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self.query: Mapping[str, str] = MappingProxyType({})

    def goes_on(self, cursor: str | None) -> bool:
        """Take the cursor that came with a page, and tell whether there is another page.

        Raises:
            Transient: The cursor was seen before: Notion would give the same pages for ever.
        """
        if cursor is None:
            return False
        if cursor in self._seen:
            raise Transient("Notion gave the same part of a list again, and would do so for ever")
        self._seen.add(cursor)
        self.query = MappingProxyType({"start_cursor": cursor})
        return True

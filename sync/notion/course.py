"""The course of a list that Notion gives in portions, each with the cursor of the next."""

from collections.abc import Mapping
from types import MappingProxyType

from sync.errors import Transient


class Course:
    """Follows the cursors of one list, and never in a circle."""

    def __init__(self) -> None:
        self._met: set[str] = set()
        self.query: Mapping[str, str] = MappingProxyType({})
        """What asks for the next portion; nothing for the first."""

    def goes_on(self, cursor: str | None) -> bool:
        """Take the cursor of a portion, and tell whether there is another.

        Raises:
            Transient: The cursor was met before: Notion would give the same portions for ever.
        """
        if cursor is None:
            return False
        if cursor in self._met:
            raise Transient("Notion gave the same part of a list again, and would do so for ever")
        self._met.add(cursor)
        self.query = MappingProxyType({"start_cursor": cursor})
        return True

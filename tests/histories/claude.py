"""Steps of a history that Claude takes: it writes, edits, renames and deletes logs."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.histories.material import paths, pieces, places
from tests.histories.start import Start


class Claude(Start):
    """Change logs, whether or not the watcher notices."""

    @rule(path=paths, written=st.lists(pieces, min_size=1, max_size=6), seen=st.booleans())
    def write(self, path: str, written: list[str], seen: bool) -> None:
        """Write a log anew."""
        self._put(path, written, seen=seen)

    @rule(path=paths, piece=pieces, seen=st.booleans())
    def append(self, path: str, piece: str, seen: bool) -> None:
        """Append to a log."""
        self._put(path, [*self.texts.get(path, []), piece], seen=seen)

    @rule(path=paths, place=places, new=st.lists(pieces, max_size=2), seen=st.booleans())
    def edit(self, path: str, place: int, new: list[str], seen: bool) -> None:
        """Replace, remove or insert a piece of a log."""
        text = self.texts.get(path, ["A paragraph."])
        place %= len(text) + 1
        self._put(path, [*text[:place], *new, *text[place + 1 :]], seen=seen)

    @rule(path=paths, seen=st.booleans())
    def revert(self, path: str, seen: bool) -> None:
        """Give a log its previous content again."""
        if path in self.earlier:
            self._put(path, self.earlier[path], seen=seen)

    @rule(path=paths)
    def touch(self, path: str) -> None:
        """Change the mtime of a log and nothing else."""
        if path in self.texts:
            self.world.touch_file(path)

    @rule(path=paths, written=st.lists(pieces, min_size=1, max_size=6), seen=st.booleans())
    def replace(self, path: str, written: list[str], seen: bool) -> None:
        """Write a log to another file and move that into its place."""
        self._put(path, written, seen=seen, replacing=True)

    @rule(path=paths, new=paths, seen=st.permutations([True, False]), told=st.booleans())
    def rename(self, path: str, new: str, seen: list[bool], told: bool) -> None:
        """Rename a log, maybe over another log."""
        if path not in self.texts or path == new:
            return
        self.world.rename(path, new)
        self.earlier[new] = self.texts.get(new, self.texts[path])
        self.texts[new] = self.texts.pop(path)
        self.said[new] |= self.said.pop(path)
        self._untold(path, new)
        self._doubt(new)
        if self.trashed.pop(path, None) or path in self.unsure:
            # With its old name her wish has ended; whether anybody has noticed it before is open.
            self.unsure |= {path, new}
        if told and self.alive:
            self.world.event(*[path, new][:: 1 if seen[0] else -1])

    @rule(path=paths, seen=st.booleans())
    def delete(self, path: str, seen: bool) -> None:
        """Delete a log."""
        if path not in self.texts:
            return
        self.world.delete(path)
        self._untold(path)
        self.earlier[path] = self.texts.pop(path)
        if self.trashed.pop(path, None):
            self.unsure.add(path)
        if seen and self.alive:
            self.world.event(path)

"""Steps of a history that Jen takes on the pages."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from sync.names import LogPath
from sync.state.records import Standing
from sync.state.wishes import released
from tests.histories.encounters import Encounters
from tests.histories.material import NESTS, paths, places
from tests.histories.start import Jens


class Jen(Encounters):
    """Let Jen write, comment and delete, and remember what must be kept of it."""

    @rule(path=paths, place=places)
    def jen_writes_a_block(self, path: str, place: int) -> None:
        """Write a block somewhere on a page."""
        if page := self._living_page(path):
            texts = [block["id"] for block in page["blocks"]]
            after = texts[place % len(texts)] if texts else None
            text = f"Jen's {next(self.numbers)}"
            made = self.world.notion.human.add_block(page["id"], text, after=after)
            self.jens.setdefault(page["id"], Jens()).blocks[made] = text

    @rule(path=paths, place=places)
    def jen_writes_below_a_block(self, path: str, place: int) -> None:
        """Write a block below one of our blocks."""
        page = self._living_page(path)
        ours = [block for block in self._ours(page) if block["type"] in NESTS] if page else []
        if page and ours:
            text = f"Jen's {next(self.numbers)}"
            made = self.world.notion.human.add_block(ours[place % len(ours)]["id"], text)
            self.jens.setdefault(page["id"], Jens()).blocks[made] = text

    @rule(path=paths, place=st.none() | places)
    def jen_comments(self, path: str, place: int | None) -> None:
        """Comment on a page or on one of our blocks."""
        if page := self._living_page(path):
            ours = self._ours(page)
            on = page if place is None or not ours else ours[place % len(ours)]
            text = f"Comment {next(self.numbers)}"
            self.world.notion.human.comment(on["id"], text)
            self.jens.setdefault(page["id"], Jens()).comments.append(text)

    @rule(path=paths)
    def jen_fills_in_a_property(self, path: str) -> None:
        """Write a value into a column of her own."""
        if page := self._living_page(path):
            text = f"Value {next(self.numbers)}"
            value = {"rich_text": [{"type": "text", "text": {"content": text}}]}
            self.world.notion.human.set_property(page["id"], "Jen's", value)
            self.jens.setdefault(page["id"], Jens()).values["Jen's"] = text

    @rule(path=paths, place=places)
    def jen_rewrites_a_block(self, path: str, place: int) -> None:
        """Replace the text of one of our blocks.

        What we sent before that has arrived: carried out after it, it would write over her words unseen.
        """
        self.world.notion.settle_all()
        page = self._living_page(path)
        ours = self._ours(page) if page else []
        if page and ours:
            text = f"Rewritten {next(self.numbers)}!"
            block = ours[place % len(ours)]["id"]
            self.world.notion.human.edit_block(block, text)
            self.jens.setdefault(page["id"], Jens()).words[block] = text

    @rule(path=paths, place=places)
    def jen_deletes_a_block(self, path: str, place: int) -> None:
        """Delete one of our blocks that holds nothing of hers."""
        page = self._living_page(path)
        commented = {comment.parent for comment in self.world.notion.workspace.comments.values()}
        ours = [
            block
            for block in (self._ours(page) if page else [])
            if not block["children"] and block["id"] not in commented
        ]
        if page and ours:
            block = ours[place % len(ours)]["id"]
            self.world.notion.human.delete_block(block)
            self.jens.setdefault(page["id"], Jens()).words.pop(block, None)

    @precondition(lambda self: self.alive)
    @rule(path=paths)
    def jen_trashes_a_page(self, path: str) -> None:
        """Move a page to the trash."""
        self.work()
        self.world.notion.settle_all()
        page = self._living_page(path)
        if page and path in self.texts:
            self.world.notion.human.trash_page(page["id"])
            self.trashed[path] = page["id"]
            self.unwanted |= self.said[path]
            for other in self.texts.keys() - self.trashed.keys():
                self._doubt(other)

    @precondition(lambda self: self.alive and self.trashed)
    @rule(path=paths)
    def jen_wants_a_page_back(self, path: str) -> None:
        """Retry a log whose page is in the trash."""
        self.work()
        record = self.world.store.page(LogPath(path))
        if path in self.trashed and record is not None and record.standing is Standing.TRASHED:
            self.world.store.save(released(record, now=self.world.clock()))
            self.world.event(path)
            page_id = self.trashed.pop(path)
            self.work()
            assert self.world.check(path)["id"] == page_id

"""Play random histories, and check at the end of each what must hold."""

import shutil
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sync.state.records import Standing
from tests.histories.jen import Jen
from tests.histories.material import OTHER, PATHS
from tests.histories.start import Jens
from tests.worlds.trees import flat


class History(Jen):
    """All steps in any order; `teardown` asserts what must hold at the end."""

    def teardown(self) -> None:
        """Assert that everything is in step, that Jen lost nothing, and that another run writes nothing."""
        try:
            self.restart()
            self.world.notion.settle_all()
            self._settle()
            self._check()
            self.restart()
            self.world.forget_requests()
            self.world.event(*self.texts)
            self.run(self.world.rest())
            assert self.world.writes == 0
            self._check()
            assert self.world.longest_wait < timedelta(hours=1.1)
        finally:
            self.run(self.world.close())
            self.loop.close()
            shutil.rmtree(self.directory)

    def _settle(self) -> None:
        """Do what the daemon does from time to time, until nothing is left to do."""
        self.world.skew = timedelta(0)
        self.run(self.world.rest())
        self.world.clock.advance(300.0)
        self.run(self.world.check_drift())
        self.run(self.world.rest())

    def _check(self) -> None:
        assert self.world.store.standing(Standing.QUARANTINED) == ()
        for path in PATHS:
            match self.world.pages(path):
                case [] if path in self.trashed.keys() | self.unsure or path not in self.texts:
                    pass
                case [_] if path in self.unseen - self.texts.keys():
                    pass
                case _:
                    assert path not in self.trashed
                    assert path in self.texts, f"{path} is gone, its page is not"
                    page = self.world.check(path)
                    assert (page["properties"]["Patterns"] or "") == self.told.get(
                        path, page["properties"]["Patterns"] or ""
                    )
        self.world.check(OTHER)
        pages = self.world.notion.dump()
        for page in pages:
            self._check_jens(page, self.jens.get(page["id"], Jens()))
        self._check_words(pages)

    def _check_jens(self, page: dict[str, Any], jens: Jens) -> None:
        held = {block["id"]: block["text"] for block in flat(page["blocks"])}
        assert {made: held.get(made) for made in jens.blocks} == jens.blocks
        assert set(jens.comments) <= set(page["comments"])
        assert {name: page["properties"][name] for name in jens.values} == jens.values

    def _check_words(self, pages: Sequence[dict[str, Any]]) -> None:
        """Assert that what Jen wrote over our blocks is still on a page or in a file."""
        kept = "\n".join([
            *(file.read_text("utf-8") for file in self.world.rules.saved_words.rglob("*.md")),
            *(comment for page in pages for comment in page["comments"]),
            *(block["text"] for page in pages for block in flat(page["blocks"])),
        ])  # fmt: skip
        lost = [words for jens in self.jens.values() for words in jens.words.values() if words not in kept]
        assert lost == []

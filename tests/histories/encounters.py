"""Steps of a history that befall the daemon: faults, deaths, a lost state, clocks that jump."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from sync.names import LogPath
from sync.notion.emulator import Fault
from sync.notion.limiter import Lane
from sync.page.draft import Link, Links
from sync.state.backlinks import Backlinks
from sync.state.records import ADOPTED
from tests.histories.claude import Claude
from tests.histories.material import FAULTS, PATHS, paths, pieces


class Encounters(Claude):
    """Let the daemon work, be killed and start again."""

    @precondition(lambda self: self.alive)
    @rule(seen=st.lists(paths, max_size=5))
    def event(self, seen: list[str]) -> None:
        """Report changes late, twice, in another order, or where there were none."""
        self.world.event(*seen)

    @precondition(lambda self: self.alive)
    @rule(fault=st.sampled_from(FAULTS), nth=st.integers(1, 4))
    def work_under_a_fault(self, fault: Fault, nth: int) -> None:
        """Work the list off while something goes wrong."""
        self.world.notion.faults.clear()
        self.world.notion.faults.add(_nth(fault, nth))
        self.run(self.world.rest())

    @precondition(lambda self: self.alive)
    @rule()
    def work(self) -> None:
        """Work the list off."""
        self.world.notion.faults.clear()
        self.run(self.world.rest())
        self.unseen -= {path for path in self.texts if self._has_seen(path)}
        self.unsure -= {path for path in self.texts if self.world.pages(path)}

    def _has_seen(self, path: str) -> bool:
        record = self.world.store.page(LogPath(path))
        return record is not None and record.edition != ADOPTED

    @precondition(lambda self: self.alive)
    @rule(told=st.dictionaries(paths, st.sampled_from(["P-1 · Slow", "P-1 · Slower", "P-2 · Mail"])))
    def publish_a_hand_off(self, told: dict[str, str]) -> None:
        """Publish a hand-off: pages that it mentions get a link to it, others lose theirs."""
        links = {LogPath(path): Links((Link(text, "https://notion.test/p"),)) for path, text in told.items()}
        todo = Backlinks(self.world.store).tell(links, read=[LogPath(path) for path in PATHS], into="links")
        self.world.backlog.touch(todo, lane=Lane.BACKFILL, now=self.world.local_time())
        self.told = dict.fromkeys(self.told, "") | told
        self._untold(*(told.keys() - self.texts.keys()))  # what is known of a log goes when it is gone

    @precondition(lambda self: self.alive)
    @rule()
    def rescan(self) -> None:
        """Compare all files with the state, as the daemon does from time to time."""
        self.world.rescan()

    @precondition(lambda self: self.alive)
    @rule()
    def check_drift(self) -> None:
        """Ask which pages Jen has edited, as the daemon does from time to time."""
        self.world.notion.faults.clear()
        self.run(self.world.check_drift())

    @precondition(lambda self: self.alive)
    @rule(nth=st.integers(1, 6), moment=st.sampled_from(["before", "after", "in flight"]))
    def work_until_killed(self, nth: int, moment: str) -> None:
        """Work the list off until the process is killed."""
        self.world.notion.faults.clear()
        self.alive = not self.run(self.world.die(nth, moment))

    @rule()
    def restart(self) -> None:
        """Start the next process."""
        self.world.notion.faults.clear()
        if self.alive:
            self.world.stop()
        self.run(self.world.start())
        self.alive = True

    @precondition(lambda self: self.alive)
    @rule(
        path=paths,
        new=pieces,
        nth=st.integers(1, 4),
        moment=st.sampled_from(["before", "after", "in flight"]),
    )
    def change_die_and_change_back(self, path: str, new: str, nth: int, moment: str) -> None:
        """Change a log, die while it is synced, and give the log its previous content again."""
        self.work()
        self._put(path, [new], seen=True)
        self.work_until_killed(nth, moment)
        self._put(path, self.earlier[path], seen=False)
        self.restart()

    @rule(seconds=st.sampled_from([1.0, 15.0, 30.0, 70.0, 4000.0]))
    def time_passes(self, seconds: float) -> None:
        """Let time pass."""
        self.world.clock.advance(seconds)

    @rule(hours=st.sampled_from([-100_000.0, -20.0, -1.0, 2.0, 100_000.0]))
    def the_clock_jumps(self, hours: float) -> None:
        """Set the clock of this machine to another time, but not that of Notion.

        No request is in flight then: how long to wait for one is measured with this clock. Set ahead just
        then, a second page may be made, which the drift check puts away.
        """
        self.world.notion.settle_all()
        self.world.skew = timedelta(hours=hours)
        if self.alive:
            self.world.reconciler.heed_clock()  # as the worker does every other second

    @precondition(lambda self: self.alive)
    @rule()
    def back_the_state_up(self) -> None:
        """Make a backup of the state."""
        self.backup = self.world.back_up()

    @rule(how=st.sampled_from(["lost", "damaged", "old"]))
    def lose_the_state(self, how: str) -> None:
        """Delete the state directory, damage the state, or put an old backup in its place.

        A page that was cut short in an update still bears the hash of the content before it; so such a log
        never becomes again what it was, and no backup from before is put back: see "vouches" in CONTRIBUTING.
        """
        if how == "old":
            self.restart()
            self.work()
        if self.alive:
            self.world.stop()
        self.world.notion.settle_all()
        self.world.notion.faults.clear()
        match how:
            case "damaged":
                self.world.damage_state()
            case "old" if self.backup is not None:
                self.world.restore(self.backup)
                # A page that we moved to the trash since then looks as if Jen had done it.
                self.unsure |= {path for path in PATHS if not self.world.pages(path)}
            case _:
                self.world.lose_state()
                self.backup = None
        self.unsure |= self.trashed.keys()
        self.trashed.clear()
        self.told.clear()
        self.unseen = set(PATHS)
        for path, text in list(self.texts.items()):
            self._put(path, [*text, f"After loss {next(self.numbers)}."], seen=False)
        self.earlier.clear()
        self.run(self.world.start())
        self.alive = True


def _nth(fault: Fault, nth: int) -> Fault:
    return Fault(kind=fault.kind, seconds=fault.seconds, blocks=fault.blocks, status=401, nth=nth)

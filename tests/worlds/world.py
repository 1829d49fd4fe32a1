"""Run a whole ai-traces in this process: files, state, worker and a Notion; control time and deaths."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from daemon.breaker import Breaker, Closed, Open
from daemon.config.settings import load
from daemon.job import Job
from daemon.session import rules_of
from daemon.state_dir import open_state
from daemon.watching.compare import Comparison, by_lane
from daemon.watching.scan import pieces
from daemon.worker import Worker
from sync.comparison import drift
from sync.comparison.inventory import take_inventory
from sync.convergence.saved_words import saved
from sync.names import LogPath
from sync.notion.calls import Calls
from sync.notion.client import http_client, notion_client
from sync.notion.connect import Wanted
from sync.notion.emulator import AI_TRACES, DEMO_TOKEN, Emulator
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane, RateLimiter
from sync.notion.model import Author
from sync.reconcile import Reconciler
from sync.rules import Rules
from sync.state.backlog import Backlog
from sync.state.facts import remember_property_ids, remembered_property_ids
from sync.state.records import PageRecord
from sync.verdict import Verdict
from tests.worlds.clock import Clock
from tests.worlds.pages import LogsAndPages
from tests.worlds.state_on_disk import StateOnDisk
from tests.worlds.wire import Death, Killed, Sleep, Wire

SETTLE = timedelta(seconds=65)


async def _at_once(_: float) -> None:
    return


class World(LogsAndPages, StateOnDisk):
    """One ai-traces, and the Notion that it mirrors to.

    Attributes:
        jobs: The jobs that the worker reported, in order.
        sleep: Passes the pauses.
        per_minute: The budget, in requests a minute.
        skew: How far the clock of this machine is ahead of Notion's.
        longest_wait: The longest time in which nothing was due although the list was not empty.
        author: Whom the token acts as, if that is known before Notion is asked.
    """

    sleep: Sleep = staticmethod(_at_once)
    per_minute = 1e6

    def __init__(
        self,
        directory: Path,
        *,
        gateway: type[Gateway] = Gateway,
        host: str = "",
        notion: Emulator | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.clock = clock or Clock()
        super().__init__(
            directory / "logs", notion or Emulator(clock=self.clock), _rules(directory, host=host)
        )
        self.state_dir = directory / "state"
        self.root.mkdir()
        if notion is None:
            self.notion.create_database()
        self.wire = Wire(self.notion, self.sleep)
        self.jobs: list[Job] = []
        self.database = AI_TRACES
        self._gateway_type = gateway
        self._http = http_client(transport=self.wire)
        self.skew = timedelta(0)
        self.longest_wait = timedelta(0)
        self.author: Author | None = None
        self.calls: Calls
        self.gateway: Gateway
        self.backlog: Backlog
        self.reconciler: Reconciler
        self.worker: Worker

    async def start(self) -> None:
        """Start a process: state, connection, inventory, first scan."""
        self.store = open_state(self.state_dir, now=self.clock())
        self.backlog = Backlog(self.store)
        self.calls = Calls(
            notion_client(self._http, token=DEMO_TOKEN, base_url="https://notion.test"),
            RateLimiter(self.per_minute, asyncio.get_running_loop().time),
            settle=SETTLE,
            jitter=lambda: 0.5,
            sleep=self.sleep,
        )
        ids = remembered_property_ids(self.store)
        wanted = Wanted(database=self.database, names={}, ids=ids, manage_schema=True)
        self.gateway = self._gateway_type(self.calls, wanted, self.author)
        self.employ(Reconciler(self.rules, self.store, self.gateway, self.local_time))
        connection = await self.gateway.connect()
        remember_property_ids(self.store, connection.schema.ids)
        await self.gateway.me(lane=Lane.CHECK)
        self.adopted = await take_inventory(
            self.gateway, self.store, connection, host=self.rules.host, now=self.local_time
        )
        drift.begin(self.store, self.local_time())
        self.rescan()

    def employ(self, reconciler: Reconciler) -> None:
        """Use this reconciler from now on."""
        self.reconciler = reconciler
        self.worker = Worker(
            self.backlog, reconciler, now=self.local_time, jitter=lambda: 0.5, report=self._report
        )

    def local_time(self) -> datetime:
        """Return the time by the clock of this machine."""
        return self.clock() + self.skew

    def stop(self) -> None:
        """End the process in an orderly way."""
        self.store.close()

    async def bury(self) -> None:
        """Release what a killed process has left in memory."""
        self.store.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def restart(self) -> None:
        """End the process and start the next one."""
        self.stop()
        await self.start()

    async def close(self) -> None:
        """Stop the process and release everything."""
        self.store.close()
        await self._http.aclose()

    def rescan(self) -> None:
        """Run a scan: put on the list the logs whose stamps differ, and those that are gone."""
        comparison = Comparison(self.store, edition=self.rules.edition)
        for piece in pieces(self.root, unlistable=lambda _: None):
            for lane, paths in by_lane(comparison.judged(piece)).items():
                self.backlog.note(paths, lane=lane, now=self.local_time())
        self.backlog.note(comparison.absent(), lane=Lane.CHECK, now=self.local_time())

    async def check_drift(self) -> tuple[LogPath, ...]:
        """Run a drift check: put on the list the logs whose pages a person has edited."""
        return await drift.check(
            self.gateway, self.store, self.backlog, host=self.rules.host, now=self.local_time
        )

    def event(self, *paths: str) -> None:
        """Report changes of logs, as the watcher does."""
        self.backlog.touch(map(LogPath, paths), lane=Lane.LIVE, now=self.local_time())

    async def sync(self, path: str, text: str) -> list[Verdict | str]:
        """Write a log and work the list off; return the result of each job."""
        self.write(path, text)
        return await self.look(path)

    async def look(self, *paths: str) -> list[Verdict | str]:
        """Report changes of logs and work the list off; return the result of each job."""
        self.jobs.clear()
        self.event(*paths)
        await self.rest()
        return [_ending(job) for job in self.jobs]

    async def look_in_doubt(self, path: str) -> list[Verdict | str]:
        """Work on a log as after a drift check that has found its page edited."""
        self.store.doubt([LogPath(path)])
        return await self.look(path)

    async def rest(self) -> None:
        """Let the worker work and the clock advance until nothing is left on the list."""
        for _ in range(300):
            await self.worker.work(asyncio.Event(), enough=lambda: not self._is_due())
            next_due = self._next_due()
            if next_due is None:
                return
            wait = max(timedelta(0), next_due - self.local_time())
            self.longest_wait = max(self.longest_wait, wait)
            self.clock.now += wait
        raise AssertionError(f"no rest: {[(_ending(job), str(job.outcome)) for job in self.jobs[-3:]]}")

    async def work_once(self) -> None:
        """Let the worker do what is due now, without advancing the clock."""
        await self.worker.work(asyncio.Event(), enough=lambda: not self._is_due())

    async def die(self, requests: int, moment: str) -> bool:
        """Let the worker work until it dies at a request; return whether it came to that.

        A dead process is released; the caller starts the next one.
        """
        self.wire.death = Death(requests, moment)
        try:
            await self.rest()
        except Killed:
            await self.bury()
            return True
        finally:
            self.wire.death = None
        return False

    async def die_starting(self, requests: int) -> bool:
        """Start a process that dies right after a request; return whether it came to that."""
        self.wire.death = Death(requests, "after")
        try:
            await self.start()
        except Killed:
            await self.bury()
            return True
        finally:
            self.wire.death = None
        return False

    def _is_due(self) -> bool:
        next_due = self._next_due()
        return next_due is not None and next_due <= self.local_time()

    def _next_due(self) -> datetime | None:
        due = self.backlog.next_due(working=())
        if due is not None and isinstance(self.worker.breaker, Open):
            return max(due, self.worker.breaker.until)
        return due

    def _report(self, event: Job | Breaker) -> None:
        if isinstance(event, Job):
            self.jobs.append(event)
        else:
            assert isinstance(event, Open | Closed)

    async def is_at_rest(self, path: str) -> bool:
        """Return whether working on a log again finds nothing to write."""
        self.forget_requests()
        await self.look(path)
        return self.writes == 0

    def record(self, path: str) -> PageRecord:
        """Return the record of a log."""
        record = self.store.page(LogPath(path))
        assert record is not None
        return record

    def words_in_files(self) -> str:
        """Return the words of persons that were saved beside the state."""
        return "\n".join(file.read_text() for _, file in saved(self.rules.saved_words))

    def forget_requests(self) -> None:
        """Begin to count requests anew."""
        self.notion.journal.clear()

    @property
    def requests(self) -> int:
        """The number of requests since the last `forget_requests`."""
        return len(self.notion.journal)

    @property
    def writes(self) -> int:
        """The number of those requests that could change something."""
        return len(self.notion.journal.writes())


def _rules(directory: Path, *, host: str) -> Rules:
    """Return the rules by the default settings, with the logs and the state below a directory."""
    environ = {
        "AI_TRACES_LOGS_DIR": str(directory / "logs"),
        "AI_TRACES_STATE_DIR": str(directory / "state"),
        "AI_TRACES_HOST": host,
        "AI_TRACES_SETTLE_SECONDS": str(SETTLE.total_seconds()),
    }
    return replace(rules_of(load(environ, directory=directory, config_dir=directory)), zone=UTC)


def _ending(job: Job) -> Verdict | str:
    return type(job.outcome).__name__ if isinstance(job.outcome, Exception) else job.outcome.verdict

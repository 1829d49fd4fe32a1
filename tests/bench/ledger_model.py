"""The ledger of a shared budget as a value in memory: what the script on the server does, word for word.

Simulations of large fleets use it on virtual time; a test holds it and the script equal.
"""

from dataclasses import dataclass, field

from sync.notion.fleet.ledger import Allotment, Ask, Behaviour


@dataclass(slots=True)
class _Host:
    expires: float
    wants: list[int]
    tags: list[float]
    first: int = 0


@dataclass(slots=True)
class LedgerModel:
    """Takes what hosts tell, at times that the caller says."""

    behaviour: Behaviour
    at: float | None = None
    born: float | None = None
    expects: int = 0
    part: float = 1.0
    turns: float = 0.0
    paused_until: float = 0.0
    refused_at: float = 0.0
    lesson: tuple[float, float, float] | None = None
    served: list[float] = field(default_factory=lambda: [0.0, 0.0])
    sent: list[float] = field(default_factory=list)
    waiting: dict[str, _Host] = field(default_factory=dict)
    seen: dict[str, float] = field(default_factory=dict)

    def tell(self, ask: Ask, now: float) -> Allotment:
        """Take note of what a host did, and give it its turns."""
        if self.at is None:
            self.at = self.paused_until = now
        now = max(now, self.at)
        self._hear(ask, now)
        self._book(ask, now)
        self._pause(ask, now)
        host, others = self._places(ask, now)
        granted = self._grant(ask, host, others, now)
        again = self._again(ask, host, others, now)
        if ask.leaves:
            self.waiting.pop(ask.host, None)
            self.seen.pop(ask.host, None)
        else:
            host.expires = now + again + self.behaviour.grace
            self.waiting[ask.host] = host
        self.seen = {name: at for name, at in self.seen.items() if at > now - self.behaviour.forgets}
        return Allotment(
            granted=granted,
            again=again,
            paused=max(0.0, self.paused_until - now),
            rate=self._pace(ask, now),
            hosts=len(self.seen),
            contenders=any(host.wants) + sum(any(each.wants) for each in others),
            recent=len(self.sent),
            at=now,
        )

    def _pace(self, ask: Ask, now: float) -> float:
        return self.part * self._full_pace(ask, now)

    def _full_pace(self, ask: Ask, now: float) -> float:
        if self.lesson is None:
            return ask.rate
        floor, knee, resumed = self.lesson
        since = max(0.0, now - resumed)
        if since < self.behaviour.comes_back:
            return floor + (knee - floor) * since / self.behaviour.comes_back
        return min(
            ask.rate, knee + ask.rate * ((since - self.behaviour.comes_back) / self.behaviour.probes) ** 2
        )

    def _hear(self, ask: Ask, now: float) -> None:
        assert self.at is not None
        if self.born is None or (ask.returns and now - self.at > self.behaviour.silence):
            self.born, self.expects, self.turns = now, 0, 0.0
        self.expects = max(self.expects, ask.knows)
        if not ask.leaves:
            self.seen[ask.host] = now
        heard = sum(at >= self.born for at in self.seen.values())
        gathers = now < self.born + self.behaviour.gathers
        self.part = min(1.0, heard / max(1, self.expects)) if gathers else 1.0

    def _book(self, ask: Ask, now: float) -> None:
        assert self.at is not None
        self.turns = min(ask.burst, self.turns + (now - self.at) * self._pace(ask, now))
        self.at = now
        self.sent = sorted([*self.sent, *(_written(now - age) for age in ask.sent if age <= ask.span)])
        self.sent = [at for at in self.sent if at >= _written(now - ask.span)]
        if ask.unused:
            self.sent = self.sent[: -ask.unused]
            self.turns = min(ask.burst, self.turns + ask.unused)

    def _pause(self, ask: Ask, now: float) -> None:
        behaviour = self.behaviour
        self.paused_until = max(self.paused_until, now + ask.pause)
        if ask.refused is None:
            return
        self.sent = self.sent[:-1]
        if now - ask.refused >= self.refused_at:
            granted = sum(at >= _written(now - behaviour.window) for at in self.sent)
            before = self._full_pace(ask, now)
            floor = before * behaviour.backoff
            knee = max(floor, min(before, granted / behaviour.window * behaviour.headroom))
            self.lesson = floor, knee, self.paused_until
            self.refused_at = now

    def _places(self, ask: Ask, now: float) -> tuple[_Host, list[_Host]]:
        mine = self.waiting.get(ask.host, _Host(now, [0, 0], [0.0, 0.0]))
        before = mine.wants if now <= mine.expires else [0, 0]
        tags = [
            tag if waited else max(tag, served)
            for tag, waited, served in zip(mine.tags, before, self.served, strict=True)
        ]
        kept = {
            name: each
            for name, each in self.waiting.items()
            if name == ask.host or now <= each.expires + self.behaviour.remembers
        }
        self.waiting = kept
        others = [each for name, each in kept.items() if name != ask.host and now <= each.expires]
        for name, each in kept.items():
            each.first = int(name < ask.host)
        return _Host(now, list(ask.wants), tags), others

    def _grant(self, ask: Ask, host: _Host, others: list[_Host], now: float) -> int:
        granted = 0
        room = int(self.part * ask.limit) - len(self.sent)
        while (lane := _next_lane(host)) is not None and now >= self.paused_until:
            if min(self.turns, room) < _ahead(host, others, lane) + 1:
                break
            self.served[lane] = max(self.served[lane], host.tags[lane])
            host.tags[lane] += 1
            host.wants[lane] -= 1
            self.turns -= 1
            room -= 1
            granted += 1
            self.sent.append(now)
        return granted

    def _again(self, ask: Ask, host: _Host, others: list[_Host], now: float) -> float:
        lane = _next_lane(host)
        if lane is None:
            return 0.0
        needed = _ahead(host, others, lane) + 1
        room = int(self.part * ask.limit) - len(self.sent)
        again = max(
            self.paused_until - now, (needed - self.turns) / self._pace(ask, now), self.behaviour.soonest
        )
        if needed > room:
            index = needed - room - 1
            leaves = self.sent[index] + ask.span - now if index < len(self.sent) else self.behaviour.latest
            again = max(again, leaves)
        return min(again, self.behaviour.latest)


def _next_lane(host: _Host) -> int | None:
    return next((lane for lane, count in enumerate(host.wants) if count), None)


def _ahead(host: _Host, others: list[_Host], lane: int) -> int:
    urgent = sum(sum(each.wants[:lane]) for each in others)
    turns = (int(host.tags[lane] - each.tags[lane]) + each.first for each in others)
    same = sum(max(0, min(each.wants[lane], count)) for each, count in zip(others, turns, strict=True))
    return urgent + same


def _written(at: float) -> float:
    """Return a time as the server keeps it: in whole microseconds, which decide who is out of the window."""
    return round(at, 6)

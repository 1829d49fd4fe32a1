"""How many requests Notion takes: rules as values, and the counting of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

CONNECTION_REASON = "public_api_request_rate_limit"
WORKSPACE_REASON = "public_api_space_request_rate_limit"


@dataclass(frozen=True, slots=True)
class FixedWindow:
    """So many requests in a window, which opens with its first request."""

    requests: int
    seconds: float = 60.0
    reason: str = CONNECTION_REASON


@dataclass(frozen=True, slots=True)
class TokenBucket:
    """So many requests a second on average, and so many at once."""

    per_second: float
    burst: int
    reason: str = CONNECTION_REASON


RateRule: TypeAlias = FixedWindow | TokenBucket


@dataclass(frozen=True, slots=True)
class TooMany:
    """A request over a limit; `retry_after` in whole seconds, as Notion gives it."""

    retry_after: int
    reason: str


class Throttle:
    """Counts requests under several rules at once; one that is refused counts under none."""

    def __init__(self, rules: Sequence[RateRule]) -> None:
        self._meters = [_Window(rule) if isinstance(rule, FixedWindow) else _Bucket(rule) for rule in rules]

    def admit(self, now: datetime) -> TooMany | None:
        """Count a request, or say how long it has to wait."""
        for meter in self._meters:
            wait = meter.wait(now)
            if wait > 0:
                return TooMany(math.ceil(wait), meter.rule.reason)
        for meter in self._meters:
            meter.take()
        return None


class _Window:
    def __init__(self, rule: FixedWindow) -> None:
        self.rule = rule
        self._end: datetime | None = None
        self._taken = 0

    def wait(self, now: datetime) -> float:
        if self._end is None or now >= self._end:
            self._end = now + timedelta(seconds=self.rule.seconds)
            self._taken = 0
        if self._taken < self.rule.requests:
            return 0.0
        return (self._end - now).total_seconds()

    def take(self) -> None:
        self._taken += 1


class _Bucket:
    def __init__(self, rule: TokenBucket) -> None:
        self.rule = rule
        self._tokens = float(rule.burst)
        self._at: datetime | None = None

    def wait(self, now: datetime) -> float:
        passed = max(0.0, (now - self._at).total_seconds()) if self._at else 0.0
        self._tokens = min(float(self.rule.burst), self._tokens + passed * self.rule.per_second)
        self._at = now
        return 0.0 if self._tokens >= 1.0 else (1.0 - self._tokens) / self.rule.per_second

    def take(self) -> None:
        self._tokens -= 1.0

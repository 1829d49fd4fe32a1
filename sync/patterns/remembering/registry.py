"""The registry, which is kept between hand-offs: the memory of patterns, the last two hand-offs and audits.

A hand-off with the same newest log as the last one repeats it: it is compared with the one before, and so
says the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from sync.patterns.names import PatternId
from sync.patterns.records.window import Window
from sync.patterns.remembering.expectation import Expectation
from sync.patterns.remembering.memory import Memory, MemoryUnreadable
from sync.patterns.remembering.memory import from_json as memory_from_json
from sync.patterns.remembering.memory import to_json as memory_to_json
from sync.patterns.remembering.opinion import Audited, Opinion
from sync.patterns.remembering.opinion import from_json as audited_from_json
from sync.patterns.remembering.opinion import to_json as audited_to_json

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Promise:
    """The expected effect of a proposed change, and the runs in which it can show.

    Attributes:
        name: The name of the pattern at that time.
        expected: The expected effect.
        contract: The SHA-256 of the contract that the change was proposed for.
        since: The time of the newest log at that time; later runs may have known the change.
    """

    name: str
    expected: Expectation
    contract: str
    since: str


@dataclass(frozen=True, slots=True)
class GivenHandoff:
    """What is remembered of a hand-off.

    Attributes:
        newest: The path of its newest log.
        told: For each of its patterns, the number of runs with it and of all runs.
        promises: The expected effects of changes that it or an earlier hand-off proposed.
        changes: Its sentences on patterns that were merged or split.
        in_diff: The patterns with a change in its diff.
    """

    newest: str
    told: Mapping[PatternId, tuple[int, int]] = field(default_factory=lambda: MappingProxyType({}))
    promises: Mapping[PatternId, Promise] = field(default_factory=lambda: MappingProxyType({}))
    changes: tuple[str, ...] = ()
    in_diff: tuple[PatternId, ...] = ()

    def diff_against(self, pattern: PatternId) -> str:
        """Return the SHA-256 of the contract that its diff for a pattern was against, or an empty text."""
        promise = self.promises.get(pattern)
        return promise.contract if promise is not None and pattern in self.in_diff else ""


@dataclass(frozen=True, slots=True)
class Registry:
    """The memory of patterns, the last hand-off and the one before it, and what is remembered of audits."""

    memory: Memory = field(default_factory=Memory)
    last: GivenHandoff | None = None
    before: GivenHandoff | None = None
    audited: Audited = field(default_factory=Audited)

    def again(self, window: Window) -> GivenHandoff | None:
        """Return the last hand-off if one over these logs repeats it; else None."""
        if self.last is None or not window.logs or self.last.newest != window.logs[-1].path:
            return None
        return self.last

    def basis(self, window: Window) -> "Registry":
        """Return the registry that a hand-off over these logs is made with, and compared with its `last`."""
        basis = self.last if self.again(window) is None else self.before
        told: Mapping[PatternId, tuple[int, int]] = {} if basis is None else basis.told
        known = {
            pattern: replace(known, told=told.get(pattern)) for pattern, known in self.memory.known.items()
        }
        return Registry(replace(self.memory, known=MappingProxyType(known)), basis, None, self.audited)

    def opinions_on(self, pattern: PatternId) -> tuple[Opinion, ...]:
        """Return an auditor's opinions on a pattern and on those that were merged into it."""
        return tuple(
            opinion
            for each, opinions in sorted(self.audited.opinions.items())
            if self.memory.leads_to(each) == pattern
            for opinion in opinions
        )

    def after(self, given: GivenHandoff, memory: Memory) -> "Registry":
        """Return the registry after a hand-off that was made with this one."""
        return Registry(memory, given, self.last, self.audited)


def to_json(registry: Registry) -> dict[str, Any]:
    """Return the registry as JSON values, in a stable order."""
    return {
        "format": FORMAT,
        "memory": memory_to_json(registry.memory),
        "last": _given_to_json(registry.last),
        "before": _given_to_json(registry.before),
        **({} if registry.audited == Audited() else {"audited": audited_to_json(registry.audited)}),
    }


def from_json(value: object) -> Registry:
    """Read a registry from the values of `to_json`.

    Raises:
        MemoryUnreadable: It is something else, or of a newer version.
    """
    try:
        return _from_json(value)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise MemoryUnreadable(f"not a registry of patterns: {error}") from error


def _given_to_json(given: GivenHandoff | None) -> dict[str, Any] | None:
    if given is None:
        return None
    return {
        "newest": given.newest,
        "told": {pattern: list(given.told[pattern]) for pattern in sorted(given.told)},
        "promises": {
            pattern: {
                "name": promise.name,
                "runs": promise.expected.runs,
                "of": promise.expected.of,
                "contract": promise.contract,
                "since": promise.since,
            }
            for pattern, promise in sorted(given.promises.items())
        },
        "changes": list(given.changes),
        "in_diff": list(given.in_diff),
    }


def _from_json(value: Any) -> Registry:  # noqa: ANN401 - any JSON at all
    if value["format"] != FORMAT:
        raise ValueError(f"format {value['format']!r}")
    return Registry(
        memory_from_json(value["memory"]),
        _given_from_json(value["last"]),
        _given_from_json(value["before"]),
        audited_from_json(value["audited"]) if "audited" in value else Audited(),
    )


def _given_from_json(value: Any) -> GivenHandoff | None:  # noqa: ANN401 - any JSON at all
    if value is None:
        return None
    return GivenHandoff(
        newest=str(value["newest"]),
        told=MappingProxyType(
            {str(key): (int(each[0]), int(each[1])) for key, each in value["told"].items()}
        ),
        promises=MappingProxyType({str(key): _promise(each) for key, each in value["promises"].items()}),
        changes=tuple(map(str, value["changes"])),
        in_diff=tuple(map(str, value.get("in_diff", ()))),
    )


def _promise(value: Any) -> Promise:  # noqa: ANN401 - any JSON at all
    expected = Expectation(int(value["runs"]), int(value["of"]))
    return Promise(str(value["name"]), expected, str(value["contract"]), str(value["since"]))

"""A person's decisions about patterns, which are kept until she decides otherwise."""

import hashlib
from collections.abc import Collection
from dataclasses import replace
from types import MappingProxyType

from sync.patterns.names import PatternId, RecordKey
from sync.patterns.remembering.memory import Answer, Answered, Memory


class Undecidable(ValueError):
    """The decision names something that does not exist, or contradicts itself."""


def rename(memory: Memory, pattern: PatternId, name: str) -> Memory:
    """Give a pattern a name; an empty one restores the name from its logs."""
    pattern = _living(memory, pattern)
    return memory.with_known(pattern, replace(memory.of(pattern), name=" ".join(name.split()) or None))


def answer(memory: Memory, pattern: PatternId, said: Answer, *, runs: int, contract: str = "") -> Memory:
    """Record the answer to a proposal.

    Args:
        memory: The memory.
        pattern: The pattern that the proposal is for.
        said: The answer.
        runs: The number of runs with the pattern.
        contract: The SHA-256 of the contract that the proposed diff is against; empty if there is none.
    """
    pattern = _living(memory, pattern)
    return memory.with_known(pattern, replace(memory.of(pattern), answered=Answered(said, runs, contract)))


def merge(memory: Memory, patterns: Collection[PatternId], into: PatternId) -> Memory:
    """Merge patterns into one, whatever the grouping says from now on.

    Raises:
        Undecidable: They are one already, or one of them does not exist.
    """
    target = _living(memory, into)
    others = {_living(memory, pattern) for pattern in patterns} - {target}
    if not others:
        raise Undecidable(_one_already({into, *patterns}, target))
    return replace(
        memory, merged=MappingProxyType({**memory.merged, **dict.fromkeys(sorted(others), target)})
    )


def split(memory: Memory, pattern: PatternId, records: Collection[RecordKey]) -> tuple[Memory, PatternId]:
    """Move records of a pattern into a new one; the others are pinned to it.

    Returns:
        The memory and the id of the new pattern.

    Raises:
        Undecidable: These are none or all of its records, or the pattern does not exist.
    """
    pattern = _living(memory, pattern)
    held = held_by(memory, pattern)
    leaving = set(records)
    if not leaving or not leaving < held:
        raise Undecidable(f"name some, and not all, of the records of {pattern}")
    new = new_id(min(leaving) + pattern, taken=memory.known)
    pinned = {**memory.pinned, **dict.fromkeys(held - leaving, pattern), **dict.fromkeys(leaving, new)}
    memory = memory.with_known(pattern, replace(memory.of(pattern), records=tuple(sorted(held - leaving))))
    memory = memory.with_known(new, replace(memory.of(new), records=tuple(sorted(leaving))))
    return replace(memory, pinned=MappingProxyType(pinned)), new


def held_by(memory: Memory, pattern: PatternId) -> set[RecordKey]:
    """Return the records of a pattern and of those merged into it, without those that were split off."""
    return {
        key
        for each in memory.known
        if memory.leads_to(each) == pattern
        for key in memory.of(each).records
        if memory.leads_to(memory.pinned.get(key, each)) == pattern
    }


def may_propose(memory: Memory, pattern: PatternId, *, runs: int) -> bool:
    """Return whether a change may be proposed: after an answer only once the number of runs has doubled."""
    answered = memory.of(pattern).answered
    return answered is None or runs >= 2 * max(answered.runs, 1)


def new_id(seed: str, *, taken: Collection[PatternId]) -> PatternId:
    """Return a short id that depends on the seed only and is not taken."""
    digest = hashlib.sha256(seed.encode("utf-8", "surrogatepass")).hexdigest()
    return next(
        candidate
        for length in range(4, len(digest) + 1)
        if (candidate := f"P-{digest[:length]}") not in taken or length == len(digest)
    )


def _one_already(named: Collection[PatternId], target: PatternId) -> str:
    if set(named) == {target}:
        return f"{target} cannot be merged with itself: name another pattern"
    return f"{' and '.join(sorted(named))} are one pattern already: {target}"


def _living(memory: Memory, pattern: PatternId) -> PatternId:
    living = memory.leads_to(pattern)
    if living not in memory.known:
        raise Undecidable(f"there is no pattern {pattern}; `ai-traces patterns` lists them")
    return living

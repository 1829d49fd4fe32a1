"""A pattern whose rule has to be a person's: no log proposes one, and what the logs say makes none."""

from dataclasses import dataclass

from sync.patterns.remembering.expectation import Expectation


@dataclass(frozen=True, slots=True)
class Wanting:
    """What there is to say about such a rule before it is written.

    Attributes:
        expected: What it should do to the pattern.
        nearest: The headings of the contract where it may belong; none when no contract was named.
        related: Those of them that have something to do with what the logs say.
    """

    expected: Expectation
    nearest: tuple[str, ...]
    related: tuple[str, ...]

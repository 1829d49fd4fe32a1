"""The spec's table When to Log: the kind of log that each event asks for."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from sync.tracelog.model import Kind


class Event(StrEnum):
    """An event that has to be logged; the value is its name on the command line."""

    MULTI_STEP = "multi-step"
    TOOL_FAILURE = "tool-failure"
    MISSING_CRITICALS = "missing-criticals"
    SELF_TEST_GATE = "self-test-gate"
    CONTRACT_AMBIGUITY = "contract-ambiguity"
    PROD_DEPLOYMENT = "prod-deployment"

    @property
    def kind(self) -> Kind:
        """The kind of log that it asks for."""
        return _KINDS[self]

    @property
    def sentence(self) -> str:
        """What has happened, in the words of the spec."""
        return _SENTENCES[self]


_KINDS: Mapping[Event, Kind] = MappingProxyType(
    {
        Event.MULTI_STEP: Kind.EXECUTION,
        Event.TOOL_FAILURE: Kind.EXCEPTION,
        Event.MISSING_CRITICALS: Kind.EXCEPTION,
        Event.SELF_TEST_GATE: Kind.EXCEPTION,
        Event.CONTRACT_AMBIGUITY: Kind.EXCEPTION,
        Event.PROD_DEPLOYMENT: Kind.EXECUTION,
    }
)

_SENTENCES: Mapping[Event, str] = MappingProxyType(
    {
        Event.MULTI_STEP: "an execution of several steps succeeded",
        Event.TOOL_FAILURE: "a tool call failed",
        Event.MISSING_CRITICALS: "Missing Criticals was triggered",
        Event.SELF_TEST_GATE: "a Self-Test Gate failed",
        Event.CONTRACT_AMBIGUITY: "the contract was ambiguous",
        Event.PROD_DEPLOYMENT: "something was deployed to prod",
    }
)

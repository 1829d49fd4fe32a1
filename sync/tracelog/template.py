"""The two templates of the execution logging spec: what a log of each kind holds, and the text to replace."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from sync.tracelog.model import Kind, SectionName


class FieldName(StrEnum):
    """A field that stands below the title; the value is its name in the log."""

    TIMESTAMP = "Timestamp"
    SEVERITY = "Severity"
    ENV = "ENV"
    RISK = "RISK"
    TRANSITION = "STATE Transition"


@dataclass(frozen=True, slots=True)
class Template:
    """What the spec's template for one kind of log holds, in its order.

    Attributes:
        title: How the title is written.
        id_placeholder: What the template has in the place of an id.
        fields: Each field with an example.
        sections: Each section with what belongs there.
    """

    title: str
    id_placeholder: str
    fields: Mapping[FieldName, str]
    sections: Mapping[SectionName, str]


TEMPLATES: Mapping[Kind, Template] = MappingProxyType(
    {
        Kind.EXECUTION: Template(
            title="# Execution Log: TASK-ID",
            id_placeholder="TASK-ID",
            fields=MappingProxyType(
                {
                    FieldName.TIMESTAMP: "2026-01-10T14:30:00Z",
                    FieldName.ENV: "dev",
                    FieldName.RISK: "low",
                    FieldName.TRANSITION: "PLAN → DRAFT",
                }
            ),
            sections=MappingProxyType(
                {
                    SectionName.TASK: "a short description of the task",
                    SectionName.TOOLS_USED: "a list of the tools and what each gave",
                    SectionName.OUTCOME: "Success, Partial or Failed",
                    SectionName.ISSUES: "a list of the issues, or None",
                    SectionName.CONTRACT_GAPS: "where the contract was unclear, or None",
                }
            ),
        ),
        Kind.EXCEPTION: Template(
            title="# Exception: EXCEPTION-ID",
            id_placeholder="EXCEPTION-ID",
            fields=MappingProxyType(
                {
                    FieldName.TIMESTAMP: "2026-01-10T14:30:00Z",
                    FieldName.SEVERITY: "error",
                    FieldName.ENV: "dev",
                }
            ),
            sections=MappingProxyType(
                {
                    SectionName.WHAT_HAPPENED: "a description of the failure",
                    SectionName.ROOT_CAUSE: "the best guess at why",
                    SectionName.CONTRACT_REFERENCE: "the contract section that was relevant",
                    SectionName.PROPOSED_FIX: "a change to the contract or the behavior",
                    SectionName.WORKAROUND_USED: "how you recovered",
                }
            ),
        ),
    }
)

PLACEHOLDERS: Mapping[SectionName, str] = MappingProxyType(
    {
        SectionName.TASK: "[Brief description]",
        SectionName.TOOLS_USED: "[result summary]",
        SectionName.OUTCOME: "[Success | Partial | Failed]",
        SectionName.ISSUES: "[None | List of issues encountered]",
        SectionName.CONTRACT_GAPS: "[None | Areas where contract was unclear/insufficient]",
        SectionName.WHAT_HAPPENED: "[Description of the failure]",
        SectionName.ROOT_CAUSE: "[Best guess at why]",
        SectionName.CONTRACT_REFERENCE: "[Which contract section was relevant]",
        SectionName.PROPOSED_FIX: "[Suggestion for contract or behavior change]",
        SectionName.WORKAROUND_USED: "[How we recovered, if applicable]",
    }
)
"""What the templates have in the place of each section's text."""

"""The findings of `lint`, in the forms for a person, an editor and a program."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sync.amounts import counted
from sync.tracelog.linting.linter import LintFinding


@dataclass(frozen=True, slots=True)
class Linted:
    """The result for one file.

    Attributes:
        file: The path as it is shown.
        findings: The findings that are left after mending.
        mended: The ids of the rules whose violation was mended.
        trouble: Why it could not be read or mended, as a sentence; empty if it could.
        is_folder: Whether this is a folder that could not be listed.
    """

    file: str
    findings: tuple[LintFinding, ...]
    mended: tuple[str, ...] = ()
    trouble: str = ""
    is_folder: bool = False

    @property
    def faults(self) -> int:
        """The number of findings that are more than advice."""
        return sum(not finding.is_advice for finding in self.findings)

    @property
    def is_clean(self) -> bool:
        """Whether nothing is left to do."""
        return not self.faults and not self.trouble


def as_lines(log: Linted) -> Iterator[str]:
    """Yield a line for each finding in a form that editors know: `file:line:column: rule message (fix)`."""
    for finding in log.findings:
        warning = finding.warning
        kind = "advice: " if finding.is_advice else ""
        place = f"{log.file}:{warning.line}:{warning.column}"
        yield f"{place}: {warning.rule} {kind}{warning.expected} ({warning.fix})"


def as_object(logs: Sequence[Linted]) -> Mapping[str, object]:
    """Return the results as a JSON object."""
    return {"clean": all(log.is_clean for log in logs), "logs": [_log(log) for log in logs]}


def _log(log: Linted) -> Mapping[str, object]:
    return {
        "file": log.file,
        "findings": [_finding(finding) for finding in log.findings],
        "mended": list(log.mended),
        "trouble": log.trouble,
    }


def summary(logs: Sequence[Linted]) -> str:
    """Return the results in one sentence."""
    faults = sum(log.faults for log in logs)
    closed = sum(log.is_folder for log in logs)
    troubled = sum(bool(log.trouble) for log in logs) - closed
    advice = sum(len(log.findings) for log in logs) - faults
    mendable = sum(finding.is_mendable and not finding.is_advice for log in logs for finding in log.findings)
    looked_into = counted(len(logs) - closed, "log")
    parts = [f"{looked_into}: {counted(faults, 'finding') if faults else 'no findings'}"]
    parts += [f"{mendable} can be mended by --fix"] if mendable else []
    parts += [f"{advice} more as advice"] if advice else []
    parts += [f"{troubled} in trouble"] if troubled else []
    parts += [f"{counted(closed, 'folder')} not looked into"] if closed else []
    return ", ".join(parts)


def _finding(finding: LintFinding) -> Mapping[str, object]:
    warning = finding.warning
    return {
        "rule": warning.rule,
        "level": "advice" if finding.is_advice else "error",
        "line": warning.line,
        "column": warning.column,
        "message": warning.expected,
        "fix": warning.fix,
        "mendable": finding.is_mendable,
    }

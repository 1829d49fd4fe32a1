"""What `lint` found, in the forms that a person, an editor and a program read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sync.tracelog.linting.linter import LintFinding


@dataclass(frozen=True, slots=True)
class Linted:
    """What is to be said of one file.

    Attributes:
        file: How it is named to a person and to an editor.
        findings: What is left when everything was mended that was to be.
        mended: The rules that it keeps to since `--fix`.
        trouble: Why it could not be read or mended, as a sentence; empty when nothing was in the way.
        is_folder: It is one that could not be looked into, so that nothing is known of the logs in it.
    """

    file: str
    findings: tuple[LintFinding, ...]
    mended: tuple[str, ...] = ()
    trouble: str = ""
    is_folder: bool = False

    @property
    def faults(self) -> int:
        """How many findings are more than advice."""
        return sum(not finding.is_advice for finding in self.findings)

    @property
    def is_clean(self) -> bool:
        """Nothing is left that somebody has to do something about."""
        return not self.faults and not self.trouble


def as_lines(log: Linted) -> Iterator[str]:
    """Yield a line for each finding, which an editor can jump to: `file:line:column: rule message (fix)`."""
    for finding in log.findings:
        warning = finding.warning
        kind = "advice: " if finding.is_advice else ""
        place = f"{log.file}:{warning.line}:{warning.column}"
        yield f"{place}: {warning.rule} {kind}{warning.expected} ({warning.fix})"


def as_object(logs: Sequence[Linted]) -> Mapping[str, object]:
    """Return what is to be said of all files for a program."""
    return {"clean": all(log.is_clean for log in logs), "logs": [_log(log) for log in logs]}


def _log(log: Linted) -> Mapping[str, object]:
    return {
        "file": log.file,
        "findings": [_finding(finding) for finding in log.findings],
        "mended": list(log.mended),
        "trouble": log.trouble,
    }


def summary(logs: Sequence[Linted]) -> str:
    """Return one sentence about all files."""
    faults = sum(log.faults for log in logs)
    closed = sum(log.is_folder for log in logs)
    troubled = sum(bool(log.trouble) for log in logs) - closed
    advice = sum(len(log.findings) for log in logs) - faults
    mendable = sum(finding.is_mendable and not finding.is_advice for log in logs for finding in log.findings)
    looked_into = _counted(len(logs) - closed, "log")
    parts = [f"{looked_into}: {_counted(faults, 'finding') if faults else 'no findings'}"]
    parts += [f"{mendable} can be mended by --fix"] if mendable else []
    parts += [f"{advice} more as advice"] if advice else []
    parts += [f"{troubled} in trouble"] if troubled else []
    parts += [f"{_counted(closed, 'folder')} not looked into"] if closed else []
    return ", ".join(parts)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


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

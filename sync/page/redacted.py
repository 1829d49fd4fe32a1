"""What a page says of the secrets that were taken out of its log."""

from collections.abc import Mapping

from sync.tracelog.model import FormatWarning


def redaction_warnings(counts: Mapping[str, int]) -> tuple[FormatWarning, ...]:
    """Say how many secrets of each kind were replaced; nothing when there were none."""
    if not counts:
        return ()
    kinds = ", ".join(f"{count} × {rule}" for rule, count in counts.items())
    return (
        FormatWarning(
            rule="redacted",
            line=1,
            column=1,
            expected=f"{kinds} were replaced before this left the machine",
            fix="Revoke what is still valid, and take it out of the log",
        ),
    )

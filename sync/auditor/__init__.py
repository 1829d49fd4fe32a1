"""The bundle for an outside auditor, and the auditor's answer to it."""

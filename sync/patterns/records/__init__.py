"""Records: one for each issue, contract gap and exception in a log."""

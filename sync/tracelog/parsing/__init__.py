"""From the text of a log to what it says."""

"""Where a log departs from the format, and what can be mended without a change of words."""

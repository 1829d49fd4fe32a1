"""Find where a log departs from the format, and mend what needs no change of words."""

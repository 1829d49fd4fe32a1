"""Generate the pages of documentation that have to agree with the code."""

"""The logs directory: what is in it, what changes, and what differs from the pages."""

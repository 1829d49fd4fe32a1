"""Compare logs and pages, and repair what differs."""

"""Compare both copies, and mend what differs."""

"""What an outside auditor is given to read, and what he says to it."""

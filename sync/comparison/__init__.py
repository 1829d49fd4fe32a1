"""Files, rows and state side by side: what is there, and where the copies differ."""

"""One budget for many machines: each asks a ledger for its turns, and does without while there is none."""

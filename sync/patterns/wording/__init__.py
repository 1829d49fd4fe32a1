"""Let a model reword parts of a hand-off, and check that the meaning stays."""

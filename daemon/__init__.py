"""When synchronisation happens, and everything a person touches."""

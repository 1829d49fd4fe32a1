"""The state store: what is remembered on disk, so that nothing is done twice or forgotten."""

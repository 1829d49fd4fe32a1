"""Which records tell of the same trouble."""

"""Group the records that tell of the same trouble."""

"""A log from its parts."""

"""The hand-off to Jen: patterns by rank, proposed changes and their expected effects, in three forms."""

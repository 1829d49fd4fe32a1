"""From groups to what Jen reads: patterns, ranks, changes, expectations, and their three forms."""

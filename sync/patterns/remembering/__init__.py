"""What lasts from one hand-off to the next: ids, decisions, promises, opinions."""

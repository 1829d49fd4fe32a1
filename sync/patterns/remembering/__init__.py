"""What is remembered from one hand-off to the next: ids, decisions, promises and opinions."""

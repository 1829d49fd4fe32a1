"""What can go wrong on the way to Notion and back, and its limit of requests."""

"""What one synchronisation is: from the bytes of a log to its page in Notion."""

"""Parse the bytes of a log into typed values."""

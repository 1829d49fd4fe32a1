"""Logs as files that a person or Claude writes and corrects; the daemon itself only reads them."""

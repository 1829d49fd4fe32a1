"""Bring a whole history in once, with its progress shown."""

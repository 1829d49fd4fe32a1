"""Sync the whole history once, showing the progress."""

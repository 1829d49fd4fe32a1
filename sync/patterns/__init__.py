"""Patterns: troubles that several logs tell of, with lasting ids."""

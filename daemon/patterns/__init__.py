"""Patterns: what `ai-traces patterns`, `pattern` and `audit` read, keep, write and publish."""

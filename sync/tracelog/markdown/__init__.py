"""Markdown as every part of ai-traces reads it."""

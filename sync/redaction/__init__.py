"""Secrets in a text: how they look, and how they are taken out before the text leaves the machine."""

"""Parse markdown, in the one way that all parts of ai-traces share."""

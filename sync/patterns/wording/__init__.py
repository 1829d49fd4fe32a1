"""What a model may say otherwise, and whether that says the same."""

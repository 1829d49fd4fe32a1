"""The logs read together: what keeps breaking, how often, and under which lasting name."""
